"""One grammar for slash commands and mentions: text in, what was asked for out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from bot.domain.grammar_asks import DriftAsk, FormAsk, HelpAsk, ModelsAsk, PromoteAsk, RollbackAsk, UnpinAsk
from bot.domain.grammar_drift import SNOOZE_ARGUMENTS, SNOOZE_OPTIONS, SNOOZE_USAGE, SnoozeAsk, parse_snooze
from bot.domain.grammar_gates import GATES_OPTIONS, GATES_USAGE, WaiveAsk, parse_waive, waived_with
from bot.domain.grammar_stops import STOP_ARGUMENTS, STOP_OPTIONS, STOP_USAGE, BanAsk, FreezeAsk, StopAsk, parse_stop
from bot.domain.grammar_subscribe import (
    SUBSCRIBE_ARGUMENTS,
    SUBSCRIBE_OPTIONS,
    SUBSCRIBE_USAGE,
    SubscribeAsk,
    parse_subscribe,
)
from bot.domain.grammar_trust import TRUST_ARGUMENTS, TRUST_OPTIONS, TRUST_USAGE, TrustAsk, parse_trust
from bot.domain.grammar_words import Words, from_slack, split_words
from bot.domain.policy.names import NameKind, validate_name
from bot.errors import Reason, Refused

__all__ = [
    "MAX_TEXT",
    "USAGE",
    "DriftAsk",
    "FormAsk",
    "HelpAsk",
    "ModelsAsk",
    "Parsed",
    "PromoteAsk",
    "RollbackAsk",
    "UnpinAsk",
    "parse",
    "parse_mention",
]

MAX_TEXT = 4000

USAGE: dict[str, str] = {
    "promote": "/promote MODEL VERSION|@ALIAS [ENV] [--plan] [--waive GATE]… [--reason TEXT]",
    "rollback": "/rollback MODEL ENV [--to VERSION] [--reason TEXT] [--break-glass]",
    "models": "/models [MODEL]",
    "drift": "/drift [MODEL]",
    "unpin": "/slackops unpin MODEL ENV [--plan] [--reason TEXT]",
    **STOP_USAGE,
    **TRUST_USAGE,
    **SUBSCRIBE_USAGE,
    **GATES_USAGE,
    **SNOOZE_USAGE,
    "help": "/slackops help [COMMAND]",
}
"""How each command is written."""

_OPTIONS: dict[str, dict[str, bool]] = {
    "promote": {"--plan": False, "--waive": True, "--reason": True},
    "rollback": {"--to": True, "--reason": True, "--break-glass": False},
    "models": {},
    "drift": {},
    "unpin": {"--plan": False, "--reason": True},
    **STOP_OPTIONS,
    **TRUST_OPTIONS,
    **SUBSCRIBE_OPTIONS,
    **GATES_OPTIONS,
    **SNOOZE_OPTIONS,
    "help": {},
}
_ARGUMENTS = {
    "promote": 3,
    "rollback": 2,
    "models": 1,
    "drift": 1,
    "unpin": 2,
    **STOP_ARGUMENTS,
    **TRUST_ARGUMENTS,
    **SUBSCRIBE_ARGUMENTS,
    **SNOOZE_ARGUMENTS,
    "help": 1,
}
_MENTION = re.compile(r"^\s*(?:<@[^<>]*>[\s,:]*)+")


Asks = PromoteAsk | RollbackAsk | UnpinAsk | ModelsAsk | DriftAsk | HelpAsk | FormAsk
Parsed = Asks | StopAsk | TrustAsk | SubscribeAsk | WaiveAsk | SnoozeAsk


def parse(command: str, text: str, prefix: str = "") -> Parsed:
    """What a command asks for. ``command`` with or without its slash; ``prefix`` is SLACKOPS_COMMAND_PREFIX.

    Raises Refused: BAD_USAGE, UNKNOWN_COMMAND, INVALID_NAME or NOT_SUPPORTED.
    """
    if len(text) > MAX_TEXT:
        raise Refused(
            Reason.BAD_USAGE, f"The text has {len(text)} characters; at most {MAX_TEXT} are read.", "Say less."
        )
    name = command.strip().removeprefix("/").removeprefix(prefix).lower()
    if name == "slackops":
        name, text = [*text.split(None, 1), "", ""][:2]
        name = name.lower() or "help"
    return _parsers(name)(split_words(from_slack(text), name, _OPTIONS[name], _usage(name)))


def parse_mention(text: str) -> Parsed:
    """The same from a message that mentions the bot: `@SlackOps promote fraud-detector 42`. Raises as `parse` does."""
    if len(text) > MAX_TEXT:
        return parse("help", text)
    words = _MENTION.sub("", text, count=1).split(None, 1)
    return parse(words[0] if words else "help", words[1] if len(words) > 1 else "")


def _parsers(name: str) -> Callable[[Words], Parsed]:
    known: dict[str, Callable[[Words], Parsed]] = {
        "promote": _promote,
        "rollback": _rollback,
        "models": _models,
        "drift": _drift,
        "unpin": _unpin,
        **dict.fromkeys(STOP_USAGE, _stop),
        **dict.fromkeys(TRUST_USAGE, _trust),
        **dict.fromkeys(SUBSCRIBE_USAGE, _subscribe),
        "waive": _waive,
        "snooze": _snooze,
        "help": _help,
    }
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{near[0]}`? {_usage(near[0])}" if near else "`/slackops help` shows all commands."
    raise Refused(Reason.UNKNOWN_COMMAND, f"There is no command {name[:60]!a}.", hint)


def _usage(name: str) -> str:
    return f"Usage: `{USAGE[name]}`" if name in USAGE else "`/slackops help` shows all commands."


def _promote(words: Words) -> Parsed:
    model, asked, environment = _arguments(words)
    reason = words.options.get("--reason")
    model, environment = _name("model", model), _name("environment", environment)
    if model is None or asked is None:
        return FormAsk("promote", model=model, reason=reason)
    plan, waive = "--plan" in words.options, waived_with(words.repeated.get("--waive", ()), reason)
    if asked.startswith("@"):
        return PromoteAsk(model, None, validate_name("alias", asked[1:]), environment, plan, reason, waive)
    return PromoteAsk(model, _version(asked), None, environment, plan, reason, waive)


def _rollback(words: Words) -> Parsed:
    model, environment = _arguments(words)
    glass = "--break-glass" in words.options
    reason, to = words.options.get("--reason"), words.options.get("--to")
    model, environment = _name("model", model), _name("environment", environment)
    version = None if to is None else _version(to)
    if glass and not (model and environment and (reason or "").strip()):
        message = "Glass is broken for one model in one environment, with a reason."
        raise Refused(Reason.BAD_USAGE, message, _usage("rollback"))
    if model is None or environment is None:
        return FormAsk("rollback", model=model, version=version, reason=reason)
    return RollbackAsk(model, environment, version, reason, glass)


def _unpin(words: Words) -> Parsed:
    model, environment = _arguments(words)
    reason = words.options.get("--reason")
    model, environment = _name("model", model), _name("environment", environment)
    if model is None or environment is None:
        return FormAsk("unpin", model=model, reason=reason)
    return UnpinAsk(model, environment, "--plan" in words.options, reason)


def _stop(words: Words) -> Parsed:
    ask = parse_stop(words.command, _arguments(words), words.options)
    match ask:
        case FreezeAsk(environment=None):
            return FormAsk("freeze", reason=ask.reason, until=ask.until)
        case BanAsk() if not ask.complete:
            return FormAsk("ban", model=ask.model, reason=ask.reason)
        case _:
            return ask


def _models(words: Words) -> Parsed:
    (model,) = _arguments(words)
    return ModelsAsk(_name("model", model))


def _drift(words: Words) -> Parsed:
    (model,) = _arguments(words)
    return DriftAsk(_name("model", model))


def _trust(words: Words) -> Parsed:
    return parse_trust(words.command, _arguments(words), words.options)


def _subscribe(words: Words) -> Parsed:
    return parse_subscribe(_arguments(words), words.options)


def _waive(words: Words) -> Parsed:
    ask = parse_waive(words.arguments, words.options)
    return ask if ask.complete else FormAsk("waive", change=f"#{ask.number}", reason=ask.reason)


def _snooze(words: Words) -> Parsed:
    return parse_snooze(_arguments(words), words.options)


def _help(words: Words) -> Parsed:
    (topic,) = _arguments(words)
    if topic is None:
        return HelpAsk(None)
    name = topic.removeprefix("/").lower()
    _parsers(name)
    return HelpAsk(name)


def _arguments(words: Words) -> list[str | None]:
    """The command's arguments, None for each that is missing."""
    most = _ARGUMENTS[words.command]
    if len(words.arguments) > most:
        extra = words.arguments[most]
        usage = _usage(words.command)
        message = f"{extra[:60]!a} is one argument too many."
        raise Refused(Reason.BAD_USAGE, message, f"{usage}. Quote names with spaces.")
    return [*words.arguments, *[None] * (most - len(words.arguments))]


def _name(kind: NameKind, text: str | None) -> str | None:
    return None if text is None else validate_name(kind, text)


def _version(text: str) -> str:
    """`v42` is 42; anything else stays as it is."""
    return validate_name("version", text[1:] if re.fullmatch(r"[vV][0-9]+", text) else text)
