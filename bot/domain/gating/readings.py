"""One metric, read: of one version, and beside another's. Everything is turned so that more is better."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.gating.margin import widened
from bot.domain.policy import MetricGate

LEAST = 1e-10
"""By how much better than a baseline of 0 where a share of it is asked for: MLflow's own number
(https://mlflow.org/docs/latest/api_reference/python_api/mlflow.models.html, MetricThreshold)."""


@dataclass(frozen=True, slots=True)
class Value:
    """A metric of a version; ``why`` says why there is none to judge, else it is empty."""

    name: str
    version: str
    number: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric, judged. ``old`` is the baseline's. ``rank``: the worse, the less. ``widened``: how much the standard
    errors added to what may have been lost. ``why``: why it was not compared."""

    name: str
    state: GateState
    new: float = 0.0
    old: float | None = None
    rank: float = 0.0
    widened: float = 0.0
    why: str = ""


def values_of(version: ModelVersion, names: Iterable[str]) -> list[Value]:
    """What a version says of these metrics, in time that grows as their number does."""
    unclear = frozenset(version.conflicts)
    return [_value(version, name, name in unclear) for name in names]


def value_of(version: ModelVersion, name: str) -> Value:
    """What a version says of a metric. NaN and infinity are no values."""
    return _value(version, name, name in version.conflicts)


def _value(version: ModelVersion, name: str, unclear: bool) -> Value:
    if unclear:
        return Value(name, version.version, why="two different values were logged")
    if name not in version.metrics:
        return Value(name, version.version, why="not logged")
    number = version.metrics[name]
    return Value(name, version.version, number, "" if math.isfinite(number) else "not a finite number")


def above(gate: MetricGate, new: Value) -> Reading:
    """A value beside the threshold."""
    if new.why or gate.threshold is None:
        return Reading(new.name, GateState.UNKNOWN, why=new.why)
    value, limit = _up(gate, new.number), _up(gate, gate.threshold)
    return Reading(new.name, _state(value, limit, abs(limit)), new.number, rank=value)


def beside(gate: MetricGate, new: Value, old: Value, candidate: ModelVersion, baseline: ModelVersion) -> Reading:
    """A value beside the baseline's; the two may be different slices."""
    why = new.why or (f"{old.name} of {old.version}: {old.why}" if old.why else "")
    more = 0.0 if why or gate.margin is None else widened(gate, new.name, old.name, candidate, baseline)
    if why or isinstance(more, str):
        return Reading(new.name, GateState.UNKNOWN, why=why or str(more))
    value, was = _up(gate, new.number), _up(gate, old.number)
    limit = _limit(gate, was, more)
    if not math.isfinite(limit) or not math.isfinite(value - was):
        return Reading(new.name, GateState.UNKNOWN, why="too large to compare")
    state = _state(value, limit, max(abs(was), abs(was - limit)))
    rank = (value - was) / abs(was) if in_shares(gate) and was else value - limit
    if state is GateState.FAIL and was == 0 and _by_percent(gate):
        return Reading(new.name, GateState.UNKNOWN, why=f"worse than {old.version}, whose 0 has no percentage")
    return Reading(new.name, state, new.number, old.number, rank, more)


def _by_percent(gate: MetricGate) -> bool:
    """Whether some per cent of the old value may be lost."""
    return gate.max_regression is not None and gate.max_regression.percent and gate.max_regression.amount > 0


def in_shares(gate: MetricGate) -> bool:
    """Whether the difference is told as a share of the old value, in per cent, and not in the metric's own unit."""
    if gate.max_regression is not None:
        return gate.max_regression.percent
    return gate.min_relative_change is not None and gate.min_absolute_change is None


def _limit(gate: MetricGate, was: float, more: float) -> float:
    """The least that the new value may be."""
    if gate.max_regression is not None:
        amount = gate.max_regression.amount
        return was - (amount / 100 * abs(was) if gate.max_regression.percent else amount)
    if gate.margin is not None:
        return was - gate.margin.amount + more
    share = gate.min_relative_change
    better = 0.0 if share is None else share * abs(was) if was else LEAST
    return was + max(better, gate.min_absolute_change or 0.0)


def _up(gate: MetricGate, number: float) -> float:
    return number if gate.direction == "higher" else -number


def _state(value: float, limit: float, size: float) -> GateState:
    """What differs by the noise of floating-point numbers alone is the same."""
    same = math.isclose(value, limit, rel_tol=1e-9, abs_tol=1e-12 * size)
    return GateState.PASS if value >= limit or same else GateState.FAIL
