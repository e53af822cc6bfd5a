"""How freezes and bans are asked for: arguments and options in, what was asked for out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.policy.names import validate_name
from bot.domain.until import check_until
from bot.errors import Reason, Refused

STOP_USAGE: dict[str, str] = {
    "freeze": "/slackops freeze ENV|MODEL ENV [--until TIME|DURATION] [--reason TEXT]",
    "unfreeze": "/slackops unfreeze ENV|MODEL ENV [--reason TEXT]",
    "freezes": "/slackops freezes",
    "ban": "/slackops ban MODEL VERSION|@ALIAS [--reason TEXT]",
    "unban": "/slackops unban MODEL VERSION|@ALIAS --reason TEXT",
    "bans": "/slackops bans",
}
STOP_OPTIONS: dict[str, dict[str, bool]] = {
    "freeze": {"--until": True, "--reason": True},
    "unfreeze": {"--reason": True},
    "freezes": {},
    "ban": {"--reason": True},
    "unban": {"--reason": True},
    "bans": {},
}
STOP_ARGUMENTS = {"freeze": 2, "unfreeze": 2, "freezes": 0, "ban": 2, "unban": 2, "bans": 0}


@dataclass(frozen=True)
class FreezeAsk:
    """Stop merges of an environment, or of a model in it. ``until``: a duration or a moment, as it was written."""

    environment: str | None
    model: str | None
    until: str | None
    reason: str | None


@dataclass(frozen=True)
class UnfreezeAsk:
    """Lift a freeze."""

    environment: str
    model: str | None
    reason: str | None


@dataclass(frozen=True)
class BanAsk:
    """Stop one version everywhere; exactly one of ``version`` and ``alias`` is set, unless the form has to ask."""

    model: str | None
    version: str | None
    alias: str | None
    reason: str | None

    @property
    def complete(self) -> bool:
        """Whether it says which version of which model."""
        return self.model is not None and (self.version or self.alias) is not None


@dataclass(frozen=True)
class UnbanAsk:
    """Let a banned version in again."""

    model: str
    version: str | None
    alias: str | None
    reason: str


@dataclass(frozen=True)
class StopsAsk:
    """The list of `freezes` or of `bans`."""

    kind: str


StopAsk = FreezeAsk | UnfreezeAsk | BanAsk | UnbanAsk | StopsAsk
Arguments = Sequence[str | None]
Options = Mapping[str, str]


def parse_stop(command: str, arguments: Arguments, options: Options) -> StopAsk:
    """What one of these commands asks for. Raises Refused(BAD_USAGE | INVALID_NAME)."""
    reason = options.get("--reason")
    match command:
        case "freeze":
            until = options.get("--until")
            model, environment = _place(arguments)
            return FreezeAsk(environment, model, check_until(until) if until else None, reason)
        case "unfreeze":
            model, environment = _place(arguments)
            if environment is None:
                raise _incomplete(command, "Say which environment.")
            return UnfreezeAsk(environment, model, reason)
        case "ban":
            return BanAsk(*_version(arguments), reason)
        case "unban":
            return _unban(BanAsk(*_version(arguments), reason))
        case _:
            return StopsAsk(command)


def _unban(ask: BanAsk) -> UnbanAsk:
    if ask.model is None or not ask.complete:
        raise _incomplete("unban", "Say which version of which model.")
    if not ask.reason:
        raise _incomplete("unban", "A ban is lifted with a reason.")
    return UnbanAsk(ask.model, ask.version, ask.alias, ask.reason)


def _place(arguments: Arguments) -> tuple[str | None, str | None]:
    """`ENV`, or `MODEL ENV`."""
    first, second = arguments
    model, environment = (first, second) if second is not None else (None, first)
    return model and validate_name("model", model), environment and validate_name("environment", environment)


def _version(arguments: Arguments) -> tuple[str | None, str | None, str | None]:
    """Model, version, alias."""
    model, asked = arguments
    named = None if model is None else validate_name("model", model)
    if asked is None:
        return named, None, None
    if asked.startswith("@"):
        return named, None, validate_name("alias", asked[1:])
    if asked.lower() == "latest":
        raise Refused(Reason.LATEST_REFUSED, "`latest` means something else tomorrow.", "Name the version.")
    return named, validate_name("version", asked[1:] if re.fullmatch(r"[vV][0-9]+", asked) else asked), None


def _incomplete(command: str, message: str) -> Refused:
    return Refused(Reason.BAD_USAGE, message, f"Usage: `{STOP_USAGE[command]}`")
