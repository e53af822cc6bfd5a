"""Non-inferiority: what may have been lost, with the uncertainty of both measurements."""

from __future__ import annotations

import math
from statistics import NormalDist

from bot.domain.facts import ModelVersion
from bot.domain.policy import MetricGate


def widened(gate: MetricGate, new: str, old: str, candidate: ModelVersion, baseline: ModelVersion) -> float | str:
    """By how much more than measured the candidate may be worse, one-sided, at the gate's confidence: z times the
    standard error of the difference of two independent measurements. Text says why that is not known."""
    if gate.margin is None:
        return 0.0
    errors = [_error(candidate, stderr_of(gate, new)), _error(baseline, stderr_of(gate, old))]
    for error in errors:
        if isinstance(error, str):
            return error
    sizes = [error for error in errors if not isinstance(error, str)]
    return NormalDist().inv_cdf(gate.margin.confidence) * math.hypot(*sizes)


def stderr_of(gate: MetricGate, name: str) -> str:
    """The metric that holds the standard error of this one: what the gate's `*` stands for is filled in."""
    stderr = gate.margin.stderr if gate.margin is not None else ""
    before, star, after = gate.metric.partition("*")
    return stderr.replace("*", name[len(before) : len(name) - len(after)]) if star else stderr


def _error(version: ModelVersion, name: str) -> float | str:
    found = None if name in version.conflicts else version.metrics.get(name)
    if found is None:
        return f"standard error {name} of {version.version} is not known"
    if not math.isfinite(found) or found < 0:
        return f"{name} of {version.version} is no standard error"
    return found
