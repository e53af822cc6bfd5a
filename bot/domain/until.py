"""When something ends that a person set: `2h`, or a moment such as `2026-12-24T18:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.domain.policy.values import parse_duration
from bot.errors import Reason, Refused

LONGEST = timedelta(days=3660)
HOW = "Say how long, such as `2h` or `3d`, or until when, such as `2026-12-24T18:00` (UTC) or `2026-12-24T18:00+01:00`."
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)\s?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII)


def end_of(text: str, now: float, longest: timedelta | None = None) -> float:
    """The end, in seconds since the epoch, counted from ``now`` where it is a duration. A moment without an offset is
    in UTC; a day alone is refused, because its morning or its evening may be meant. ``longest``: what must
    end, and not later than that. Raises Refused(BAD_USAGE)."""
    end = _moment(text) if _MOMENT.fullmatch(text) else now + _span(text)
    if end <= now:
        raise Refused(Reason.BAD_USAGE, f"{text[:60]!a} is over already.", HOW)
    if longest is not None and end > now + longest.total_seconds():
        message = f"{text[:60]!a} is more than {longest.days} days away."
        raise Refused(Reason.BAD_USAGE, message, "Say an earlier end, such as `7d`.")
    if end > now + LONGEST.total_seconds():
        raise Refused(Reason.BAD_USAGE, f"{text[:60]!a} is more than ten years away.", "Leave it out: no end at all.")
    return end


def check_until(text: str) -> str:
    """The text itself where it can be read at all, whatever the clock says. Raises Refused(BAD_USAGE)."""
    if _MOMENT.fullmatch(text):
        _moment(text)
    else:
        _span(text)
    return text


def _span(text: str) -> float:
    try:
        seconds = parse_duration(text).total_seconds() if text.isascii() else 0.0
    except ValueError:
        raise _unread(text) from None
    if not seconds:
        raise _unread(text)
    return seconds


def _moment(text: str) -> float:
    day, time, offset = _MOMENT.fullmatch(text).groups()  # type: ignore[union-attr]
    try:
        at = datetime.fromisoformat(f"{day}T{time}{(offset or 'Z').upper()}")
        return at.astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise _unread(text) from None


def _unread(text: str) -> Refused:
    return Refused(Reason.BAD_USAGE, f"{text[:60]!a} is no time.", HOW)
