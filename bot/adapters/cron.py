"""Cron by APScheduler's CronTrigger, which knows calendars.

It is asked in UTC about what the wall clock shows, and the answer is mapped onto real time here: asked in a zone whose
clocks go back it finds the same time again and again, and its days of the week begin with Monday
(https://github.com/agronholm/apscheduler/issues/286).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from bot.domain.policy.crontab import Crontab, parse_crontab

_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MINUTE = dt.timedelta(minutes=1)
_NEAR = dt.timedelta(hours=3)
"""Clocks never go back by more than this at once."""
_FAR = dt.timedelta(days=8 * 366)
"""The 29th of February comes at least this often."""


class SchedulerCron:
    """The Cron port."""

    def fires(self, expression: str, timezone: str, after: float, until: float) -> float | None:
        """As the port says."""
        found = _due(expression, timezone, until // 60 * 60)
        return found if found is not None and found > after else None


@lru_cache(maxsize=10_000)
def _due(expression: str, timezone: str, until: float) -> float | None:
    """The last time until then, in eight years: many rules say the same."""
    table, zone = parse_crontab(expression), ZoneInfo(timezone)
    end = dt.datetime.fromtimestamp(until, zone)
    near = _NEAR if _turns(end) else dt.timedelta()
    best: float | None = None
    for wall in _walls(expression, _wall(end) - _FAR, _wall(end) + near):
        if best is not None and wall < _wall(end) - near:
            break  # while clocks change, an earlier wall may be a later moment
        moments = [at for at in _moments(wall, zone, table.hourly) if at <= until]
        best = max(moments if best is None else [best, *moments], default=None)
        if best is not None and not near:
            break
    return best


def _wall(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=None, second=0, microsecond=0, fold=0)


def _turns(moment: dt.datetime) -> bool:
    """The clocks change near it."""
    near = (moment.astimezone(dt.UTC) + shift for shift in (-_NEAR, _NEAR))
    return len({one.astimezone(moment.tzinfo).utcoffset() for one in near}) > 1


def _moments(wall: dt.datetime, zone: ZoneInfo, twice: bool) -> Iterator[float]:
    """When the wall shows this; of two the first, unless both count."""
    yield wall.replace(tzinfo=zone).timestamp()
    if twice:
        yield wall.replace(tzinfo=zone, fold=1).timestamp()


def _walls(expression: str, floor: dt.datetime, wall: dt.datetime) -> Iterator[dt.datetime]:
    """What is due by the wall clock, the latest first."""
    while True:
        found = [last for last in (_last(trigger, floor, wall) for trigger in _triggers(expression)) if last]
        if not found:
            return
        yield max(found)
        wall = max(found) - _MINUTE


def _last(trigger: CronTrigger, floor: dt.datetime, wall: dt.datetime) -> dt.datetime | None:
    """The trigger tells only what comes next: it is asked from further and further back until that is before the wall's
    time, and the last one of these is found by halves."""
    span, high = _MINUTE, wall + _MINUTE  # from high on nothing is due by then
    found = _next(trigger, wall)
    while found is None or found > wall:
        if wall - span < floor:
            return None
        high = wall - span / 2 if span > _MINUTE else wall
        found, span = _next(trigger, wall - span), span * 2
    while high - found > _MINUTE:
        middle = found + (high - found) / 2
        later = _next(trigger, middle)
        if later is None or later > wall:
            high = middle
        else:
            found = later
    return found


def _next(trigger: CronTrigger, wall: dt.datetime) -> dt.datetime | None:
    found = trigger.get_next_fire_time(None, wall.replace(tzinfo=dt.UTC))
    return None if found is None else found.replace(tzinfo=None)


@lru_cache(maxsize=1000)
def _triggers(expression: str) -> tuple[CronTrigger, ...]:
    table = parse_crontab(expression)
    if not table.either_day:
        return (_trigger(table, days=table.days, weekdays=table.weekdays),)
    return _trigger(table, days=table.days), _trigger(table, weekdays=table.weekdays)


def _trigger(table: Crontab, days: Collection[int] = (), weekdays: Collection[int] = ()) -> CronTrigger:
    return CronTrigger(
        minute=_listed(table.minutes, 60),
        hour=_listed(table.hours, 24),
        day=_listed(days, 31),
        month=_listed(table.months, 12),
        day_of_week=",".join(_NAMES[day] for day in sorted(weekdays)) or "*",
        timezone=dt.UTC,
    )


def _listed(values: Collection[int], every: int) -> str:
    return "*" if len(values) in (0, every) else ",".join(map(str, sorted(values)))
