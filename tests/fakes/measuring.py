"""Measuring, by heart."""

from __future__ import annotations

from bot.domain.drifting.measuring import DriftRun, Measured
from bot.domain.drifting.windows import Kind, Reading, Verdict


def reading(feature: str, score: float | None, *, prediction: bool = False) -> Reading:
    """A PSI with the limit 0.1, by its score; without one it is not known."""
    if score is None:
        return Reading(feature=feature, method="psi", value=None, prediction=prediction)
    verdict = Verdict.BAD if score > 1 else Verdict.FINE
    return Reading(
        feature=feature,
        method="psi",
        value=score / 10,
        threshold=0.1,
        verdict=verdict,
        score=score,
        prediction=prediction,
    )


class FakeMeasuring:
    """The Measuring port. ``drift`` are the scores of the features that it finds, ``error`` what it raises; ``asked``
    are the runs that it was asked for, ``logged`` what it was told of the version."""

    def __init__(self, **drift: float | None) -> None:
        self.drift = drift
        self.error: Exception | None = None
        self.end: float | None = None
        self.rows = 1000
        self.asked: list[DriftRun] = []
        self.logged: list[dict[str, float] | None] = []

    def measure(self, run: DriftRun, logged: dict[str, float] | None = None) -> Measured:
        self.asked.append(run)
        self.logged.append(logged)
        if self.error is not None:
            raise self.error
        found = {Kind.DRIFT: tuple(reading(name, score) for name, score in self.drift.items())}
        return Measured(run, self.rows, 1000, self.end, found)
