"""The comparison for scripts: plain JSON, in which what is no number is a word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.compared import Compared
from bot.domain.comparison import Comparison, MetricDelta
from bot.domain.facts import DatasetInput

MOST = 500
"""Rows of each kind; `left_out` says how many there are besides."""


def comparison_json(told: Comparison) -> dict[str, Any]:
    """`{"model", "environment", "from", "to", "metrics": [...], …}`; `NaN`, `Infinity` and `-Infinity` are strings."""
    return {
        "model": told.model,
        "environment": told.environment,
        "from": told.frm,
        "to": told.to,
        "metrics": [_metric(one) for one in told.metrics[:MOST]],
        "params": _rows(told.params),
        "datasets": {"from": _sets(told.datasets_before), "to": _sets(told.datasets)},
        "requirements": _rows(told.requirements),
        "commits": {"from": told.commit_before, "to": told.commit, **_commits(told.commits)},
        "signature": list(told.signature),
        "elsewhere": _rows(told.elsewhere),
        "owners": list(told.owners),
        "registered": {"from": told.created_before, "to": told.created_at},
        "missing": list(told.missing),
        "left_out": sum(max(0, len(rows) - MOST) for rows in _bounded(told)),
    }


def _bounded(told: Comparison) -> tuple[Sequence[object], ...]:
    return (told.metrics, told.params, told.datasets_before, told.datasets, told.requirements, told.elsewhere)


def _metric(one: MetricDelta) -> dict[str, Any]:
    numbers = ("before", "after", "difference", "percent")
    return {key: _number(value) if key in numbers else value for key, value in asdict(one).items()}


def _number(value: float | None) -> float | str | None:
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(one) for one in rows[:MOST]]


def _sets(sets: Sequence[DatasetInput]) -> list[dict[str, Any]]:
    return _rows(sets)


def _commits(commits: Compared | None) -> dict[str, Any]:
    if commits is None:
        return {"status": None, "ahead": None, "behind": None, "url": None, "list": []}
    known = {"status": commits.status, "ahead": commits.ahead, "behind": commits.behind, "url": commits.url}
    return {**known, "list": [asdict(one) for one in commits.commits]}
