"""How a snooze is asked for: arguments and options in, what was asked for out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.policy.names import validate_name
from bot.domain.until import check_until
from bot.errors import Reason, Refused

SNOOZE_USAGE: dict[str, str] = {"snooze": "/slackops snooze MODEL ENV UNTIL [--reason TEXT]"}
SNOOZE_OPTIONS: dict[str, dict[str, bool]] = {"snooze": {"--reason": True}}
SNOOZE_ARGUMENTS = {"snooze": 4}
"""One more than there are: a moment may be written with a space, `2026-12-24 18:00`."""


@dataclass(frozen=True)
class SnoozeAsk:
    """Say nothing of a model in an environment until then: a duration or a moment, as it was written."""

    model: str
    environment: str
    until: str
    reason: str | None


def parse_snooze(arguments: Sequence[str | None], options: Mapping[str, str]) -> SnoozeAsk:
    """What is asked for. Raises Refused(BAD_USAGE | INVALID_NAME)."""
    model, environment, *until = arguments
    ends = " ".join(word for word in until if word)
    if model is None or environment is None or not ends:
        message = "Say of which model, in which environment, and until when."
        raise Refused(Reason.BAD_USAGE, message, f"Usage: `{SNOOZE_USAGE['snooze']}`")
    names = validate_name("model", model), validate_name("environment", environment)
    return SnoozeAsk(*names, check_until(ends), options.get("--reason"))
