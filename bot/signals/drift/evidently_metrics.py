"""The metrics of an Evidently 0.7 report, each with the tests that are bound to it.

A metric is `{"id", "metric_name", "config": {"type", "column", "method", "threshold", …}, "value"}`; the first releases
of 0.7 had `metric_id: "ValueDrift(column=age)"` and no config. A test's `metric_config.metric_id` is the metric's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.drifting.scoring import Way, finite
from bot.domain.drifting.windows import Kind, Reading
from bot.signals.drift.building import reading
from bot.signals.drift.findings import Finding
from bot.signals.drift.statuses import status_of
from bot.signals.reading import at, items, words

SHARE = "DriftedColumnsCount"
_DRIFT = frozenset({SHARE, "ValueDrift", "EmbeddingsDrift"})
_PERFORMANCE = frozenset({
    *("Accuracy", "Precision", "Recall", "F1Score", "TPR", "TNR", "FPR", "FNR", "RocAuc", "LogLoss"),
    *("F1ByLabel", "PrecisionByLabel", "RecallByLabel", "RocAucByLabel"),
    *("MeanError", "MAE", "RMSE", "MAPE", "R2Score", "AbsMaxError"),
    *("NDCG", "MRR", "HitRate", "MAP", "PrecisionTopK", "RecallTopK", "FBetaTopK"),
})  # fmt: skip
_NAME = re.compile(r"([A-Za-z0-9]+)\(")
_COLUMN = re.compile(r"[(,]column=(.*?)(?:,[a-z_]+=|\)$)")
_NAME_LIMIT = 600


def findings(payload: object) -> Iterator[Finding]:
    """What its metrics tell. What is no metric of this form is passed over."""
    tests = _tests(payload)
    for metric in items(at(payload, "metrics")):
        name = _type(metric)
        if name and not name.startswith("Dummy"):  # how a model that guesses would do: about no model of ours
            yield from _findings(name, metric, tests.get(str(at(metric, "id")), ()))


def _tests(payload: object) -> Mapping[str, list[object]]:
    found: dict[str, list[object]] = {}
    for test in items(at(payload, "tests")):
        ident = at(test, "metric_config", "metric_id")
        if isinstance(ident, str):
            found.setdefault(ident, []).append(test)
    return found


def _type(metric: object) -> str:
    said = at(metric, "config", "type")
    if isinstance(said, str):
        return words(said.rpartition(":")[2])
    found = _NAME.match(_named(metric))
    return found[1] if found else ""


def _named(metric: object) -> str:
    said = at(metric, "metric_name") or at(metric, "metric_id")
    return said[:_NAME_LIMIT] if isinstance(said, str) else ""


def _findings(name: str, metric: object, tests: Sequence[object]) -> Iterator[Finding]:
    config, value = at(metric, "config"), at(metric, "value")
    if name == SHARE:
        yield Finding(Kind.DRIFT, _share(config, value, tests), whole=True)
    elif name in _DRIFT:
        yield Finding(Kind.DRIFT, _drift(name, metric, tests))
    else:
        kind = Kind.PERFORMANCE if name in _PERFORMANCE else Kind.DATA_QUALITY
        yield from (Finding(kind, one) for one in _figures(name, metric, tests))


def _share(config: object, value: object, tests: Sequence[object]) -> Reading:
    limit = at(config, "drift_share")
    said = next((status_of(at(test, "status")) for test in tests), None)
    share = finite(at(value, "share"))
    over = reading("", "share of drifted columns", share, limit, way=Way.ABOVE, said=said)
    at_limit = said is None and share is not None and share == over.threshold
    return reading("", over.method, share, limit, way=Way.ABOVE, said=status_of("FAIL")) if at_limit else over


def _drift(name: str, metric: object, tests: Sequence[object]) -> Reading:
    config = at(metric, "config")
    said = next((status_of(at(test, "status")) for test in tests), None)
    method = at(config, "method") or at(config, "drift_method", "type") or name
    return reading(_column(metric), method, at(metric, "value"), at(config, "threshold"), said=said)


def _column(metric: object) -> object:
    config = at(metric, "config")
    found = at(config, "column") or at(config, "embeddings_name")
    if found is None and config is None:
        read = _COLUMN.search(_named(metric))
        return read[1] if read else ""
    return found


def _figures(name: str, metric: object, tests: Sequence[object]) -> Iterator[Reading]:
    """One figure a test; without a test a figure that nobody judges."""
    column, value = _column(metric), at(metric, "value")
    for test in tests:
        limit, way = _limit(at(test, "test_config"))
        number = _number(value, at(test, "bound_test"))
        note = "" if at(test, "status") == "SUCCESS" else at(test, "description")
        yield reading(column, name, number, limit, way=way, said=status_of(at(test, "status")), note=note)
    if not tests and (number := _number(value, None)) is not None:
        yield reading(column, name, number)


def _number(value: object, bound: object) -> float | None:
    """The figure that is meant: a count comes with its share, a mean with its deviation."""
    if not isinstance(value, dict):
        return finite(value)
    if "mean" in value:
        return finite(value.get("std" if at(bound, "is_mean") is False else "mean"))
    return finite(value.get("count" if at(bound, "is_count") is True else "share"))


def _limit(config: Any) -> tuple[object, Way | None]:
    """The limit of a test, and which side of it fails: a test says what it hopes for."""
    hoped = str(at(config, "type") or "").rpartition(":")[2]
    if hoped.startswith("Less"):
        return at(config, "threshold"), Way.ABOVE
    return (at(config, "threshold"), Way.BELOW) if hoped.startswith("Greater") else (at(config, "expected"), None)
