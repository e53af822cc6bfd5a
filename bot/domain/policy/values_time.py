"""Types of the policy's values that are about hours, days and time zones."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from typing import Annotated

from bot.domain.policy.model_windows import OpenHours
from bot.domain.policy.values import _parsed, expected

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(DAYS)
_SPAN = re.compile(rf"({_DAY})(?:-({_DAY}))?")
_SPANS = rf"(?:{_DAY})(?:-(?:{_DAY}))?"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_HOURS = re.compile(rf"(?P<days>(?:{_SPANS}[ ,]+)*)(?P<start>{_CLOCK})-(?P<end>{_CLOCK}|24:00)", re.ASCII)
_WEEKDAYS = re.compile(rf"{_SPANS}(?:[ ,]+{_SPANS})*", re.ASCII)


def parse_hours(text: str) -> OpenHours:
    """`Mon-Fri 09:00-16:00`; without days every day. `22:00-02:00` goes over midnight, `Fri-Mon` over the weekend."""
    hit = _HOURS.fullmatch(text)
    if hit is None:
        raise expected("days and hours such as Mon-Fri 09:00-16:00")
    start, end = _minutes(hit["start"]), _minutes(hit["end"])
    if start == end:
        raise expected("an end that differs from the start; a whole day is 00:00-24:00")
    return OpenHours(frozenset(_days(hit["days"])) or frozenset(range(7)), start, end)


def parse_clock(text: str) -> int:
    """`18:00`, as minutes since midnight."""
    if not re.fullmatch(_CLOCK, text, re.ASCII):
        raise expected("a time of day such as 18:00")
    return _minutes(text)


def parse_weekdays(text: str) -> frozenset[int]:
    """`Sat-Sun` or `Fri, Sun`; Monday is 0."""
    if not _WEEKDAYS.fullmatch(text):
        raise expected("days such as Sat-Sun")
    return frozenset(_days(text))


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _days(text: str) -> Iterator[int]:
    for first, last in _SPAN.findall(text):
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % 7 for day in range(start, end + 1 + 7 * (end < start)))


def parse_timezone(text: str) -> str:
    """A name of the IANA time zone database (https://www.iana.org/time-zones), as the machine has it."""
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise expected("a time zone such as Europe/Berlin") from None
    return text


Hours = Annotated[OpenHours, _parsed(parse_hours, OpenHours)]
Clock = Annotated[int, _parsed(parse_clock, int)]
Weekdays = Annotated[frozenset[int], _parsed(parse_weekdays, frozenset)]
Timezone = Annotated[str, _parsed(parse_timezone)]

__all__ = ["DAYS", "Clock", "Hours", "Timezone", "Weekdays", "parse_clock", "parse_hours"]
