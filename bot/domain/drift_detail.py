"""What `/drift MODEL` answers: each environment and kind that something was told of, the worst first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.digest_cards import DriftReport, Line, Linked, Moment, Piece, ReportPart
from bot.domain.digest_delivered import retraining_words, versions, waiting
from bot.domain.digest_facts import DigestFacts
from bot.domain.digest_grid import rank, standing, windows_of
from bot.domain.digest_open import open_words, snooze_words
from bot.domain.digesting import headline
from bot.domain.drifting.incidents import Incident, IncidentState, Past, Track
from bot.domain.drifting.windows import Reading, Verdict, Window
from bot.domain.durations import lasting
from bot.domain.figures import figure
from bot.domain.incident_words import aspect_of, figure_of, ranked, spark, subject_of, windows_words
from bot.domain.retraining import Retraining

WATCHED, FEATURES, MONITORS, RETRAININGS = 8, 5, 4, 3
_WORDS = {Verdict.FINE: "fine", Verdict.BAD: "bad", Verdict.UNKNOWN: "not known"}


@dataclass(frozen=True)
class Watched:
    """One environment and kind: what is remembered of it, what is open, and what was resolved there last."""

    track: Track
    open: Incident | None = None
    last: Incident | None = None


def detail_of(
    model: str, watched: Sequence[Watched], retrainings: Sequence[Retraining], facts: DigestFacts
) -> DriftReport:
    """``facts`` are the model's: what is open, its versions, and how people are called."""
    shown = sorted(watched, key=_rank)
    parts = [_part(one, facts) for one in shown[:WATCHED]]
    left = ReportPart("More", ((f"{len(shown) - WATCHED} more that nobody needs to look at first.",),))
    parts += [left] if len(shown) > WATCHED else []
    parts += [part for part in (_retrainings(retrainings, facts), waiting(facts), versions(facts)) if part.lines]
    lead: Line = () if shown else ("No monitor has told anything of it yet.",)
    return DriftReport(headline(facts, f"Drift of {model}"), (lead,) if lead else (), tuple(parts))


def _rank(one: Watched) -> tuple[object, ...]:
    quiet = (one.track.environment, one.track.kind.value)
    return (one.open is None, rank(one.open) if one.open else (), quiet)


def _part(one: Watched, facts: DigestFacts) -> ReportPart:
    track = one.track
    aspect = aspect_of(one.open) if one.open else track.kind.value.replace("_", " ")
    state = standing(one.open) if one.open else "nothing open"
    return ReportPart(f"{track.environment}, {aspect}: {state}", tuple(_lines(one, facts)))


def _lines(one: Watched, facts: DigestFacts) -> Iterator[Line]:
    if one.open is not None:
        yield open_words(one.open, facts)
        if one.open.state is IncidentState.SNOOZED:
            yield ("Snoozed", *snooze_words(one.open, facts))
    if row := windows_of(one.open.past if one.open else one.track.past):
        yield (f"{spark(row)}  {windows_words(len(row), sum(_is_bad(past) for past in row))}",)
    yield from _features(one)
    yield from _monitors(one.track)
    if one.last is not None and one.last.resolved is not None:
        took = lasting(one.last.resolved - one.last.opened)
        how = f": {one.last.ended}" if one.last.ended else ""
        yield ("Last resolved ", Moment(one.last.resolved), f" after {took}{how}")


def _features(one: Watched) -> Iterator[Line]:
    """By rank; of what is fine, those that are nearest to their limits."""
    readings = one.open.readings if one.open else _newest(one.track)
    for place, reading in enumerate(ranked(readings)[:FEATURES]):
        score = f" {figure(reading.score, 2)} × limit" if reading.score is not None else ""
        yield (f"{place + 1}. {subject_of(reading)}{score}: {figure_of(reading)}",)


def _newest(track: Track) -> tuple[Reading, ...]:
    """Those of the monitor that told last."""
    newest = max(track.newest.values(), key=lambda window: window.at, default=None)
    return newest.readings if newest else ()


def _monitors(track: Track) -> Iterator[Line]:
    """Those that say bad first, then by name; two that contradict each other stand beside each other."""
    told = sorted(track.newest.items(), key=lambda pair: (pair[1].verdict is not Verdict.BAD, pair[0]))
    if told:
        named = [_monitor(name, window) for name, window in told[:MONITORS]]
        more = f" · +{len(told) - MONITORS} more" if len(told) > MONITORS else ""
        yield ("Monitors: ", *_joined(named), more)


def _monitor(name: str, window: Window) -> Line:
    return (Linked(name.replace(":", " "), window.url or None), f" {_WORDS[window.verdict]} ", Moment(window.at))


def _joined(lines: Sequence[Line]) -> Iterator[Piece]:
    for index, line in enumerate(lines):
        yield from (" · ", *line) if index else line


def _retrainings(found: Sequence[Retraining], facts: DigestFacts) -> ReportPart:
    lines = tuple(tuple(retraining_words(one, facts)) for one in found[:RETRAININGS])
    return ReportPart("Retraining", lines)


def _is_bad(past: Past) -> bool:
    return past.verdict is Verdict.BAD
