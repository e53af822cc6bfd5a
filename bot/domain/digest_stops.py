"""What keeps changes from merging now or soon: freezes, days on which nothing merges, hours, bans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.domain.digest_cards import Line, Moment, ReportPart, Strong, Typed
from bot.domain.digest_facts import DigestFacts
from bot.domain.policy.model_windows import DenyWindow, WindowRule
from bot.domain.stops import Banned, Frozen
from bot.domain.windows import opening

AHEAD = 14 * 86400.0
"""Seconds that a digest looks ahead."""
STOPS = 8


def held(facts: DigestFacts) -> ReportPart:
    """Freezes first, then days that nothing merges on, then hours, then bans."""
    lines = [*_freezes(facts), *closures(facts), *_hours(facts), *_bans(facts)]
    faults = [(fault,) for fault in (facts.stops.freezes_fault, facts.stops.bans_fault) if fault]
    left = len(lines) - STOPS
    more: Line = (Typed("/slackops freezes"), " ", Typed("/slackops bans")) if left > 0 else ()
    return ReportPart("Freezes and bans", (*faults, *lines[:STOPS]), max(0, left), more)


def stands_out(facts: DigestFacts) -> bool:
    """Whether there is more to tell than the hours of every week, and bans that everybody knows. What cannot be read
    is."""
    if facts.stops.freezes_fault or facts.stops.bans_fault:
        return True
    return any(True for part in (_freezes(facts), closures(facts), _new_bans(facts)) for _ in part)


def _freezes(facts: DigestFacts) -> Iterator[Line]:
    for one in facts.stops.freezes:
        if one.holds(facts.now):
            end: Line = (" until ", Moment(one.until)) if one.until is not None else (" until it is lifted",)
            yield (Strong(one.place), " is frozen", *end, *_by(one, facts))


def closures(facts: DigestFacts) -> Iterator[Line]:
    """Spans of days that hold now, or begin soon; each once, with all environments that it closes."""
    found: dict[DenyWindow, list[str]] = {}
    for environment, rules in facts.windows.items():
        for window in {window for rule in rules for window in rule.deny if _near(window, facts.now)}:
            found.setdefault(window, []).append(environment)
    for window, names in sorted(found.items(), key=lambda pair: (_start(pair[0]), _end(pair[0]), pair[0].reason or "")):
        why = f": {window.reason}" if window.reason else ""
        is_now = _start(window) <= facts.now
        when: Line = (" is closed",) if is_now else (" closes ", Moment(_start(window)))
        yield (Strong(_names(names)), *when, " until ", Moment(_end(window)), why)


def _hours(facts: DigestFacts) -> Iterator[Line]:
    """When what has opening hours opens, or closes, next; each set of hours once. What is frozen does not merge."""
    frozen = {one.environment for one in facts.stops.freezes if one.model is None and one.holds(facts.now)}
    found: dict[tuple[WindowRule, ...], list[str]] = {}
    for environment, rules in facts.windows.items():
        if environment not in frozen and any(rule.allow for rule in rules):
            found.setdefault(rules, []).append(environment)
    for rules, names in list(found.items())[:STOPS]:
        seen = opening(rules, facts.now)
        if seen.changes is not None and seen.changes <= facts.now + AHEAD:
            word = " merges until " if seen.open else " merges again from "
            yield (Strong(_names(names)), word, Moment(seen.changes))


def _bans(facts: DigestFacts) -> Iterator[Line]:
    """What was banned in the span; the others are known, and counted."""
    new = list(_new_bans(facts))
    for one in new:
        yield (Strong(f"{one.model} {one.version}"), " is banned", *_by(one, facts))
    old = len(facts.stops.bans) - len(new)
    if old > 0:
        yield (f"{old} older ban{'s' if old > 1 else ''} ", Typed("/slackops bans"))


def _new_bans(facts: DigestFacts) -> Iterator[Banned]:
    return (one for one in facts.stops.bans if facts.span.holds(one.since))


def _by(stop: Frozen | Banned, facts: DigestFacts) -> Line:
    return (", by ", facts.who(stop.by), f": {stop.reason}" if stop.reason else "")


def _names(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" +{len(names) - 4} more" if len(names) > 4 else "")


def _near(window: DenyWindow, now: float) -> bool:
    return now < _end(window) and _start(window) <= now + AHEAD


def _start(window: DenyWindow) -> float:
    return _midnight(window.first, window.timezone)


def _end(window: DenyWindow) -> float:
    return _midnight(min(window.last, dt.date(9998, 1, 1)) + dt.timedelta(days=1), window.timezone)


def _midnight(day: dt.date, timezone: str) -> float:
    try:
        return dt.datetime.combine(day, dt.time(), ZoneInfo(timezone)).timestamp()
    except (OverflowError, ValueError):
        return dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()
