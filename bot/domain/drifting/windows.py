"""A window: what one monitor said of one model in one environment, over one span of data."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MOST_READINGS = 50
"""Readings of a window that are kept, the worst first; how many there were is kept as a number."""


class Kind(StrEnum):
    """What a problem is about. ``service``: latency, errors; ``data_quality``: missing values, ranges, row counts."""

    DRIFT = "drift"
    PERFORMANCE = "performance"
    DATA_QUALITY = "data_quality"
    SERVICE = "service"


class Verdict(StrEnum):
    """What a monitor says. Unknown neither opens nor closes an incident."""

    FINE = "fine"
    BAD = "bad"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How bad an incident is."""

    WARNING = "warning"
    CRITICAL = "critical"


class Reading(BaseModel):
    """One figure of a window: a feature by a method. ``feature`` "" is the model as a whole. ``score`` is 1 at the
    limit and grows as it gets worse, whatever the method; None where it has no limit, or no finite value."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    feature: str
    method: str
    value: float | None
    threshold: float | None = None
    verdict: Verdict = Verdict.UNKNOWN
    score: float | None = None
    note: str = ""
    prediction: bool = False
    """It is the model's own output."""


class Shape(BaseModel):
    """A feature's distribution, reference beside current, for a chart: shares by bin, which add up to 1 or to 0.
    ``edges`` has one more than ``reference`` for numbers; ``labels`` has as many for categories."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    feature: str
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    reference: tuple[float, ...]
    current: tuple[float, ...]


class Window(BaseModel):
    """One word of a monitor. ``source`` is the kind of tool (evidently, nannyml, whylogs, alertmanager, mlflow, run,
    json), ``monitor`` which one there: two of the same model are judged apart. ``at`` is the end of the data's span by
    the monitor's own clock, in seconds since the epoch. ``score`` is 1 at the limit and grows as it gets worse.

    ``settled``: the source damps its verdicts itself, as Alertmanager's `for` does, so that one is enough.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    source: str
    monitor: str
    model: str
    environment: str
    kind: Kind
    at: float
    verdict: Verdict
    severity: Severity = Severity.WARNING
    score: float | None = None
    readings: tuple[Reading, ...] = ()
    total: int = 0
    bad: int = 0
    """How many features there were, and figures of the whole; and how many of them are beyond a limit."""
    shapes: tuple[Shape, ...] = ()
    """Of the worst few features, where the source tells them."""
    message: str = ""
    url: str = ""
    version: str | None = None
    """The version that served, where the source tells it."""
    settled: bool = False

    @property
    def track(self) -> tuple[str, str, str]:
        """What hysteresis and incidents are kept by."""
        return self.model, self.environment, self.kind.value
