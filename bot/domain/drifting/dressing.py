"""What an incident shows of the windows that it stands on: their figures, by rank, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.drifting.incidents import MOST_PAST, Incident, Track
from bot.domain.drifting.windows import MOST_READINGS, Reading, Shape, Verdict, Window

MOST_SHAPES = 6
NOTED = 7 * 86400.0
"""So many seconds before it began, what is odd may have to do with it."""


def dressed(incident: Incident, track: Track) -> Incident:
    """The incident with the figures of the newest bad window of each monitor, merged; those that it had where none is
    bad now, so that people see what it was."""
    bad = [track.newest[word.monitor] for word in incident.says if _is_bad(track, word.monitor)]
    notes = tuple(note for note in track.notes if note.at >= incident.begun - NOTED)
    shown = incident.model_copy(update={"past": track.past[-MOST_PAST:], "notes": notes})
    return _with_figures(shown, bad) if bad else shown


def _is_bad(track: Track, monitor: str) -> bool:
    return monitor in track.newest and track.newest[monitor].verdict is Verdict.BAD


def _with_figures(incident: Incident, bad: Sequence[Window]) -> Incident:
    """``bad`` stands with the worst first."""
    worst, fullest = bad[0], max(bad, key=lambda window: (window.bad, window.total))
    readings = _ranked(reading for window in bad for reading in window.readings)
    return incident.model_copy(
        update={
            "source": worst.source,
            "message": next((window.message for window in bad if window.message), ""),
            "url": next((window.url for window in bad if window.url), ""),
            "total": fullest.total,
            "bad": fullest.bad,
            "readings": readings,
            "shapes": _shapes(bad, readings) or incident.shapes,
        }
    )


def _ranked(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The worst word of each feature by each method, the worst first."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in sorted(readings, key=_rank):
        found.setdefault((reading.feature, reading.method), reading)
    return tuple(found.values())[:MOST_READINGS]


def _rank(reading: Reading) -> tuple[bool, float, str, str]:
    score = float("-inf") if reading.score is None else reading.score
    return reading.verdict is not Verdict.BAD, -score, reading.feature, reading.method


def _shapes(bad: Sequence[Window], readings: Sequence[Reading]) -> tuple[Shape, ...]:
    """One a feature, in the order of the readings."""
    order = {name: place for place, name in enumerate(dict.fromkeys(reading.feature for reading in readings))}
    found: dict[str, Shape] = {}
    for shape in (one for window in bad for one in window.shapes):
        found.setdefault(shape.feature, shape)
    ranked = sorted(found.values(), key=lambda shape: (order.get(shape.feature, len(order)), shape.feature))
    return tuple(ranked[:MOST_SHAPES])
