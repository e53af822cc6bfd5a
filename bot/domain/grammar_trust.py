"""How linking and the audit are asked for: arguments and options in, what was asked for out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.policy.names import validate_name
from bot.errors import Reason, Refused

TRUST_USAGE: dict[str, str] = {
    "link": "/slackops link [--device]",
    "unlink": "/slackops unlink",
    "audit": "/slackops audit MODEL",
}
TRUST_OPTIONS: dict[str, dict[str, bool]] = {"link": {"--device": False}, "unlink": {}, "audit": {}}
TRUST_ARGUMENTS = {"link": 0, "unlink": 0, "audit": 1}


@dataclass(frozen=True)
class LinkAsk:
    """Make a GitHub account stand for whoever asks; ``device``: by a code instead of the browser."""

    device: bool = False


@dataclass(frozen=True)
class UnlinkAsk:
    """The account stands for them no more."""


@dataclass(frozen=True)
class AuditAsk:
    """What was decided about a model lately."""

    model: str


TrustAsk = LinkAsk | UnlinkAsk | AuditAsk


def parse_trust(command: str, arguments: Sequence[str | None], options: Mapping[str, str]) -> TrustAsk:
    """What one of these commands asks for. Raises Refused(BAD_USAGE | INVALID_NAME)."""
    match command:
        case "link":
            return LinkAsk("--device" in options)
        case "unlink":
            return UnlinkAsk()
        case _:
            if arguments[0] is None:
                raise Refused(Reason.BAD_USAGE, "Say of which model.", f"Usage: `{TRUST_USAGE[command]}`")
            return AuditAsk(validate_name("model", arguments[0]))
