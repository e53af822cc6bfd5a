"""What a run measured, as windows: one for each kind that something was looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.drifting.judging import Judged, judged, sentence
from bot.domain.drifting.measuring import AGE, DriftRun, Measured
from bot.domain.drifting.windows import Kind, Reading, Verdict, Window

SOURCE = "run"


def windows_of(measured: Measured, now: float, version: str | None = None) -> tuple[Window, ...]:
    """``now``: when the run was due, which stands for the end of the data where no column tells it. ``version`` is the
    one that serves."""
    return tuple(_window(measured, kind, now, version) for kind in _kinds(measured))


def _kinds(measured: Measured) -> Iterator[Kind]:
    return (kind for kind in Kind if kind is Kind.DRIFT or measured.readings.get(kind))


def _window(measured: Measured, kind: Kind, now: float, version: str | None) -> Window:
    """Data that does not grow any more has one end for good, of which nothing new is told: that it is too old is so by
    our clock."""
    run = measured.run
    readings = [one for one in measured.readings.get(kind, ()) if one.method != AGE or run.current.max_age]
    few = measured.rows < run.least
    judgement = _judged(run, kind, readings, few=few)
    return Window(
        source=SOURCE,
        monitor=run.name,
        model=run.model,
        environment=run.environment,
        kind=kind,
        at=now if _is_old(readings) else measured.end or now,
        verdict=judgement.verdict,
        score=judgement.score,
        readings=judgement.readings,
        total=judgement.total,
        bad=judgement.bad,
        shapes=measured.shapes if kind is Kind.DRIFT else (),
        message=_message(measured, judgement, few=few),
        version=version,
    )


def _is_old(readings: Sequence[Reading]) -> bool:
    return any(one.method == AGE and one.verdict is Verdict.BAD for one in readings)


def _judged(run: DriftRun, kind: Kind, readings: Sequence[Reading], *, few: bool) -> Judged:
    """Of too few rows nothing is said but what their number itself says. A model drifts where enough of what was
    compared does, or where its own output does: that is looked at because somebody named it."""
    if few and kind is not Kind.DATA_QUALITY:
        return judged(readings, said=Verdict.UNKNOWN)
    if kind is not Kind.DRIFT:
        return judged(readings)
    features = [one for one in readings if one.feature]  # the share itself is no feature
    found = judged(features, run.share)
    output = [one for one in readings if one.prediction and one.verdict is Verdict.BAD]
    if not output:
        return found
    worst = max(one.score or 1.0 for one in output)
    return replace(found, verdict=Verdict.BAD, score=max(found.score or 1.0, worst, 1.0))


def _message(measured: Measured, judgement: Judged, *, few: bool) -> str:
    old = next((one for one in judgement.readings if one.method == AGE and one.verdict is Verdict.BAD), None)
    if old is not None and old.value is not None:
        return f"the newest row is {old.value:.0f} h old; at most {old.threshold:g} h"
    if few and not measured.run.rows:
        return "no rows came in"
    if few:
        return f"{measured.rows} rows; at least {measured.run.rows} are compared"
    if judgement.verdict is Verdict.UNKNOWN:
        return measured.notes[0] if measured.notes else "nothing could be compared"
    return sentence(judgement)
