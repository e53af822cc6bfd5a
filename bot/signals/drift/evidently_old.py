"""The metrics of an Evidently report of 0.2 to 0.6: `{"metric": "DataDriftTable", "result": {…}}`. These tell a verdict
on each column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.domain.drifting.scoring import Way
from bot.domain.drifting.windows import Kind, Reading, Verdict
from bot.signals.drift.building import reading
from bot.signals.drift.findings import Finding
from bot.signals.reading import at, items


def findings(payload: object) -> Iterator[Finding]:
    """What its drift metrics tell. Its other metrics tell no limits, and so nothing here."""
    for metric in items(at(payload, "metrics")):
        name, result = at(metric, "metric"), at(metric, "result")
        if name in ("DatasetDriftMetric", "DataDriftTable"):
            yield Finding(Kind.DRIFT, _whole(result), whole=True)
            columns = at(result, "drift_by_columns")
            for column in columns.values() if isinstance(columns, dict) else ():
                yield Finding(Kind.DRIFT, _column(column))
        elif name == "ColumnDriftMetric":
            yield Finding(Kind.DRIFT, _column(result))


def _whole(result: object) -> Reading:
    share, limit = at(result, "share_of_drifted_columns"), at(result, "drift_share")
    return reading("", "share of drifted columns", share, limit, way=Way.ABOVE, said=_said(at(result, "dataset_drift")))


def _column(result: object) -> Reading:
    method, value, limit = (at(result, name) for name in ("stattest_name", "drift_score", "stattest_threshold"))
    return reading(at(result, "column_name"), method, value, limit, said=_said(at(result, "drift_detected")))


def _said(detected: Any) -> Verdict:
    if not isinstance(detected, bool):
        return Verdict.UNKNOWN
    return Verdict.BAD if detected else Verdict.FINE
