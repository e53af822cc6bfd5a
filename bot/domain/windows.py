"""Whether changes may merge at a moment, and when they may next. Pure.

The clock on the wall of a window's own time zone decides, at every moment. So a time that does not exist, because the
clock is put forward over it, is skipped: hours that would begin in the gap begin when the clock has jumped. A time that
comes twice, because the clock is put back, counts both times.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.gates import GateResult, GateState
from bot.domain.policy.model_windows import DAY_MINUTES, AllowWindow, DenyWindow, OpenHours, QuietRule, WindowRule

GATE = "window"
HORIZON_DAYS = 366
Rules = Sequence[WindowRule]
"""The windows of every environment that a change moves: all of them must be open."""


@dataclass(frozen=True)
class Opening:
    """How the windows stand. ``changes`` is when they open, or close, next, in seconds since the epoch; None where they
    do not within a year. ``words`` say why they are closed; empty while they are open."""

    open: bool
    changes: float | None
    words: str = ""

    @property
    def next(self) -> float | None:
        """When a change may merge: None where that is not known."""
        return None if self.open else self.changes


def opening(rules: Rules, now: float) -> Opening:
    """How the windows stand at this moment, and until when."""
    words = _closed(rules, _at(now))
    is_open = not words
    for moment in _moments(rules, now):
        if (not _closed(rules, _at(moment))) is not is_open:
            return Opening(is_open, moment, words)
    return Opening(is_open, None, words)


def next_opening(rules: Rules, now: float) -> float | None:
    """``now`` while they are open, else when they open next, in seconds since the epoch; None: not within a year."""
    seen = opening(rules, now)
    return now if seen.open else seen.next


def window_gates(rules: Rules, now: float, *, obeys: bool = True) -> tuple[GateResult, ...]:
    """The gate, where there are windows at all. ``obeys``: it holds the change back; else it only informs."""
    if not any(rule.allow or rule.deny for rule in rules):
        return ()
    seen = opening(rules, now)
    if seen.open:
        return (GateResult(GATE, GateState.PASS, "open", "an open window", blocks=obeys),)
    when = f"opens {in_words(seen.next)}" if seen.next is not None else "does not open within a year"
    found = f"{seen.words}; {when}"
    return (GateResult(GATE, GateState.FAIL, found, "an open window", obeys, waits=True, passes_at=seen.next),)


def in_words(moment: float) -> str:
    """A time as texts show it that nobody's own time zone reaches."""
    return _at(moment).strftime("%a %Y-%m-%d %H:%M UTC")


def clear_at(rules: Rules, gates: Iterable[GateResult], now: float) -> float | None:
    """When everything that holds a change up has passed by itself, and the windows are open; None where nobody knows,
    or nothing holds it up."""
    held = [gate for gate in gates if gate.holds_up]
    ends = [gate.passes_at for gate in held if gate.name != GATE]
    known = [end for end in ends if end is not None]
    if not held or len(known) < len(ends):
        return None
    obeyed = rules if any(gate.name == GATE and gate.blocks for gate in gates) else ()
    return next_opening(obeyed, max([now, *known]))


def after_quiet(quiet: QuietRule | None, moment: float) -> float:
    """The moment itself, or the end of the quiet hours that it is in."""
    if quiet is None or not _is_quiet(quiet, moment):
        return moment
    found = (at for at in _quiet_moments(quiet, moment) if not _is_quiet(quiet, at))
    return next(found, moment)


def _at(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment, dt.UTC)


def _closed(rules: Rules, moment: dt.datetime) -> str:
    """Why nothing may merge then; empty when it may."""
    for rule in rules:
        denied = next((one for one in rule.deny if _denies(one, moment)), None)
        if denied is not None:
            return f"closed{f' for {denied.reason}' if denied.reason else ''} {_days(denied)} {denied.timezone}"
        if rule.allow and not any(_allows(one, moment) for one in rule.allow):
            return "outside the hours in which changes merge"
    return ""


def _days(window: DenyWindow) -> str:
    return f"on {window.first}" if window.first == window.last else f"from {window.first} to {window.last}"


def _denies(window: DenyWindow, moment: dt.datetime) -> bool:
    return window.first <= moment.astimezone(ZoneInfo(window.timezone)).date() <= window.last


def _allows(window: AllowWindow, moment: dt.datetime) -> bool:
    return within(window.hours, moment.astimezone(ZoneInfo(window.timezone)))


def within(hours: OpenHours, wall: dt.datetime) -> bool:
    """Whether the clock on the wall shows one of these hours."""
    minute, day = wall.hour * 60 + wall.minute, wall.weekday()
    if hours.start < hours.end:
        return day in hours.days and hours.start <= minute < hours.end
    return (day in hours.days and minute >= hours.start) or ((day - 1) % 7 in hours.days and minute < hours.end)


def _is_quiet(quiet: QuietRule, moment: float) -> bool:
    wall = _at(moment).astimezone(ZoneInfo(quiet.timezone))
    nightly = quiet.nightly is not None and within(quiet.nightly, wall)
    return nightly or wall.weekday() in quiet.days


def _moments(rules: Rules, now: float) -> Iterator[float]:
    """Every moment after ``now`` at which the windows may open or close, in order."""
    marks: dict[str, set[int]] = {}
    for allow in (one for rule in rules for one in rule.allow):
        marks.setdefault(allow.timezone, set()).update({allow.hours.start, allow.hours.end % DAY_MINUTES, 0})
    denied = {at for rule in rules for one in rule.deny for at in _ends(one, _at(now).date()) if at > now}
    daily = (_in_zone(ZoneInfo(name), sorted(minutes), now) for name, minutes in marks.items())
    return heapq.merge(sorted(denied), *daily)


def _ends(window: DenyWindow, today: dt.date) -> Iterator[float]:
    """Every moment from today on, within a year, at which it may begin or be over. The days between are not looked
    through to find that nothing happens on them: a list of holidays is long, and asked at every look at a change."""
    zone = ZoneInfo(window.timezone)
    for day, after in ((window.first, 0), (window.last, 1)):
        if -3 < (day - today).days < HORIZON_DAYS:
            edge = day + dt.timedelta(days=after)
            yield from (*_jumps(zone, edge - dt.timedelta(days=1)), *_jumps(zone, edge), *_instants(zone, edge, 0))


def _quiet_moments(quiet: QuietRule, now: float) -> Iterator[float]:
    ends = {quiet.nightly.end % DAY_MINUTES} if quiet.nightly else set()
    return _in_zone(ZoneInfo(quiet.timezone), sorted({0, *ends}), now)


def _in_zone(zone: ZoneInfo, minutes: Sequence[int], now: float) -> Iterator[float]:
    """Each of these times of day, on every day from today on, both times where it comes twice; and every moment at
    which the clock is put forward or back."""
    today = _at(now).astimezone(zone).date()
    for days in range(-1, HORIZON_DAYS + 1):
        try:
            day = today + dt.timedelta(days=days)
            found = {*_jumps(zone, day), *(at for minute in minutes for at in _instants(zone, day, minute))}
        except OverflowError:
            return
        yield from sorted(at for at in found if at > now)


def _instants(zone: ZoneInfo, day: dt.date, minute: int) -> Iterator[float]:
    wall = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
    for fold in (0, 1):
        at = wall.replace(fold=fold).timestamp()
        if _at(at).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
            yield at


def _jumps(zone: ZoneInfo, day: dt.date) -> Iterator[float]:
    """When the clock is put forward or back on the day: by halving it, to the second."""
    low, high = (int(_midnight(zone, one).timestamp()) for one in (day, day + dt.timedelta(days=1)))
    if _offset(zone, low) == _offset(zone, high):
        return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
    yield float(high)


def _midnight(zone: ZoneInfo, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone)


def _offset(zone: ZoneInfo, moment: float) -> dt.timedelta | None:
    return _at(moment).astimezone(zone).utcoffset()
