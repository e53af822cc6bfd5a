"""Readings of performance: what the predictions are worth against the labels that came in."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bot.adapters.measuring.outcomes import Outcomes
from bot.domain.drifting.measuring import DriftRun, PerformanceRule
from bot.domain.drifting.scoring import Way, score_of, verdict_of
from bot.domain.drifting.windows import Reading, Verdict

LABELLED = 30
"""Rows with labels of which something is told at the least, where the policy says how many rows there must be."""


def performance_of(run: DriftRun, outcomes: Outcomes, logged: Mapping[str, float]) -> tuple[Reading, ...]:
    """One reading for each rule."""
    found = tuple(_reading(rule, outcomes, logged) for rule in run.performance)
    if not 0 < outcomes.rows < min(run.rows, LABELLED):
        return found
    few = {"verdict": Verdict.UNKNOWN, "note": f"only {outcomes.rows} rows with labels"}
    return tuple(one.model_copy(update=few) for one in found)


def _reading(rule: PerformanceRule, outcomes: Outcomes, logged: Mapping[str, float]) -> Reading:
    value = {"accuracy": outcomes.accuracy, "auc": outcomes.auc, "mae": outcomes.mae}[rule.metric]()
    way = Way.ABOVE if rule.metric == "mae" else Way.BELOW
    threshold = _limit(rule, way, logged)
    return Reading(
        feature="",
        method=rule.metric,
        value=value,
        threshold=threshold,
        verdict=verdict_of(value, threshold, way),
        score=score_of(value, threshold, way),
        note=_note(rule, outcomes, value, threshold),
    )


def _limit(rule: PerformanceRule, way: Way, logged: Mapping[str, float]) -> float | None:
    """The stricter of the limit itself and of what the version's own metric allows."""
    limits = [] if rule.threshold is None else [rule.threshold]
    metric = logged.get(rule.against, math.nan)
    if math.isfinite(metric):
        limits.append(metric + abs(metric) * rule.worse * (1 if way is Way.ABOVE else -1))
    if not limits:
        return None
    return min(limits) if way is Way.ABOVE else max(limits)


_NOTHING = {
    "accuracy": "predictions and labels have no value in common",
    "auc": "the labels are not of two classes",
    "mae": "these are not numbers that can be taken apart",
}


def _note(rule: PerformanceRule, outcomes: Outcomes, value: float | None, threshold: float | None) -> str:
    if not outcomes.rows:
        return "no labels have come in"
    if value is None:
        return _NOTHING[rule.metric]
    if threshold is None:
        return f"the version has no metric {rule.against}" if rule.against else "there is no limit"
    return f"{outcomes.rows:,} rows with labels"
