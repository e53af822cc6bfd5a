"""The five fields of cron, read as cron(8) and crontab(5) read them (https://man7.org/linux/man-pages/man5/crontab.5.html).

Minute, hour, day of the month, month, day of the week; `*`, numbers, names of three letters, ranges, lists, steps.
Sunday is 0 and 7. Where both days are restricted, either is enough; a day that begins with `*` does not restrict.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_PART = re.compile(r"(?:(?P<all>\*)|(?P<first>\w{1,3})(?:-(?P<last>\w{1,3}))?)(?:/(?P<step>\d{1,2}))?", re.ASCII)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MAX_LENGTH = 250


@dataclass(frozen=True)
class Crontab:
    """When something is due. ``weekdays``: 0 is Sunday, as in cron."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool = False
    """The day of the month or that of the week is enough; else both must fit."""

    @property
    def hourly(self) -> bool:
        """It says nothing of the hour."""
        return len(self.hours) == 24


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    names: dict[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of the month", 1, 31, {}),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)


def parse_crontab(text: str) -> Crontab:
    """Raises ValueError that names the field, and for what never comes, such as the 30th of February."""
    words = text.split(" ")
    if len(words) != len(_FIELDS) or not all(words) or len(text) > MAX_LENGTH:
        raise ValueError('expected five cron fields such as "0 9 * * 1-5"')
    minutes, hours, days, months, week = (_values(field, word) for field, word in zip(_FIELDS, words, strict=True))
    either = not words[2].startswith("*") and not words[4].startswith("*")
    if not either and min(days) > max(_LONGEST[month - 1] for month in months):
        raise ValueError(f"no day {min(days)} ever comes in month {', '.join(map(str, sorted(months)))}")
    return Crontab(minutes, hours, days, months, frozenset(day % 7 for day in week), either)


def _values(field: _Field, word: str) -> frozenset[int]:
    return frozenset(value for part in word.split(",") for value in _part(field, part))


def _part(field: _Field, part: str) -> range:
    hit = _PART.fullmatch(part)
    if hit is None:
        raise _odd(field, part)
    step = int(hit["step"] or 1)
    if hit["all"]:
        first, last = field.low, field.high - (field.high == 7)
    else:
        first = _number(field, hit["first"])
        open_end = field.high if hit["step"] else first  # `5/10` is 5-59/10, as most crons take it
        last = _number(field, hit["last"]) if hit["last"] else open_end
        last += 7 * (field.high == 7 and last == 0 < first and bool(hit["last"]))  # fri-sun is 5-7
    if not step or last < first:
        raise _odd(field, part)
    return range(first, last + 1, step)


def _number(field: _Field, word: str) -> int:
    number = int(word) if word.isdecimal() else field.names.get(word.lower(), -1)
    if not field.low <= number <= field.high:
        raise _odd(field, word)
    return number


def _odd(field: _Field, part: str) -> ValueError:
    return ValueError(f"{part!r} is no {field.name}; expected {field.low} to {field.high}, such as in 0 9 * * 1-5")
