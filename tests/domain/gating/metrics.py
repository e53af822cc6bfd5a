"""Metric gates and versions for the tables."""

from __future__ import annotations

from typing import Any

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, metric
from bot.domain.policy import MetricGate

P, F, U, S = GateState.PASS, GateState.FAIL, GateState.UNKNOWN, GateState.SKIPPED


def gate(name: str = "auc", direction: Any = "higher", **more: Any) -> MetricGate:
    known = {"threshold": None, "against": None, "max_regression": None, "mode": "block", "at": "merge"}
    return MetricGate(name, name, direction, **{**known, **more})


def version(number: str, conflicts: tuple[str, ...] = (), series: tuple[str, ...] = (), **metrics: float):
    found = {name.replace("__", "."): value for name, value in metrics.items()}
    return ModelVersion(
        "m", number, None, None, None, None, 0.0, metrics=found, conflicts=conflicts, series=frozenset(series)
    )


def judged(one: MetricGate, candidate: Any, deployed: Any = None, first: bool = False, **more: Any) -> GateResult:
    return metric.evaluate(one, GateFacts(0.0, candidate, deployed, first, **more))
