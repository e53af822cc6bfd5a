"""How subscriptions are asked for: arguments and options in, what was asked for out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from bot.domain.commands_gates import SubscribedEvent
from bot.domain.policy.names import validate_name
from bot.domain.policy.shown import nearest
from bot.errors import Reason, Refused

EVENTS: tuple[SubscribedEvent, ...] = get_args(SubscribedEvent)
SUBSCRIBE_USAGE = {"subscribe": f"/slackops subscribe [MODEL|ENV [{'|'.join(EVENTS)} ...]] [--off]"}
SUBSCRIBE_OPTIONS: dict[str, dict[str, bool]] = {"subscribe": {"--off": False}}
SUBSCRIBE_ARGUMENTS = {"subscribe": 1 + len(EVENTS)}


@dataclass(frozen=True)
class SubscribeAsk:
    """Have this channel hear of a model or an environment, or no more (``off``); no ``subject``: what it hears.
    No ``events``: all of them."""

    subject: str
    events: tuple[SubscribedEvent, ...]
    off: bool


def parse_subscribe(arguments: Sequence[str | None], options: Mapping[str, str]) -> SubscribeAsk:
    """What is asked for. Raises Refused(BAD_USAGE | INVALID_NAME)."""
    subject, *events = (word for word in arguments if word is not None) if arguments[0] is not None else ("",)
    off = "--off" in options
    if not subject:
        if off:
            raise Refused(Reason.BAD_USAGE, "Say of what.", f"Usage: `{SUBSCRIBE_USAGE['subscribe']}`")
        return SubscribeAsk("", (), off)
    return SubscribeAsk(validate_name("model", subject), tuple(dict.fromkeys(_event(one) for one in events)), off)


def _event(word: str) -> SubscribedEvent:
    found = next((event for event in EVENTS if event == word.strip(",").lower()), None)
    if found is None:
        near = nearest(word, EVENTS)
        hint = f"Did you mean {near}? " if near else ""
        raise Refused(Reason.BAD_USAGE, f"There is no event {word[:40]!a}.", f"{hint}There are: {', '.join(EVENTS)}.")
    return found
