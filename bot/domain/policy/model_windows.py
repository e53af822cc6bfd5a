"""When changes may merge: opening hours, and days on which nothing does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class OpenHours:
    """``days`` count from 0 for Monday; ``start`` and ``end`` in minutes since midnight, the end not included. An end
    at or before the start is on the next day, and the hours belong to the day on which they begin."""

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True)
class AllowWindow:
    """Changes may merge in these hours, by the clock on the wall of ``timezone``."""

    hours: OpenHours
    timezone: str = "UTC"
    reason: str | None = None


@dataclass(frozen=True)
class DenyWindow:
    """Nothing merges from ``first`` to ``last``, both whole days by the calendar on the wall of ``timezone``."""

    first: dt.date
    last: dt.date
    timezone: str = "UTC"
    reason: str | None = None


@dataclass(frozen=True)
class WindowRule:
    """The windows of one environment: open where any ``allow`` is, or there is none; ``deny`` always wins."""

    allow: tuple[AllowWindow, ...] = ()
    deny: tuple[DenyWindow, ...] = ()


@dataclass(frozen=True)
class QuietRule:
    """When nobody is reminded: every day in the hours of ``nightly``, and all day on ``days`` (0 is Monday)."""

    nightly: OpenHours | None = None
    days: frozenset[int] = frozenset()
    timezone: str = "UTC"


@dataclass(frozen=True)
class RemindRule:
    """In seconds: how often those who may approve are reminded, and how long after the last thing that people did to a
    change it is closed. 0: never."""

    remind: float = 4 * 3600.0
    expire: float = 7 * 86400.0
    quiet: QuietRule | None = None
