"""A report as Evidently 0.7 writes it: `Report([DataDriftPreset()], include_tests=True)`, run and written as JSON.

https://docs.evidentlyai.com/docs/library/output_formats
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

from bot.sandbox.monitor.distances import JENSEN_SHANNON, LIMIT, WASSERSTEIN, jensen_shannon, wasserstein
from bot.sandbox.monitor.traffic import Rows

Doc = dict[str, Any]
SHARE = 0.5
_METRIC, _TEST = "evidently:metric_v2:", "evidently:bound_test:"


def report(reference: Rows, current: Rows) -> Doc:
    """What it says of these rows: each column by its distance, and whether too many of them drifted."""
    metrics = [_column(name, reference[name], current[name]) for name in reference]
    drifted = sum(metric["value"] > LIMIT for metric in metrics)
    whole = _whole(drifted, len(metrics))
    return {"metrics": [whole, *metrics], "tests": [_whole_test(whole), *map(_column_test, metrics)]}


def _column(name: str, reference: tuple[float | str, ...], current: tuple[float | str, ...]) -> Doc:
    if isinstance(reference[0], str):
        method = JENSEN_SHANNON
        value = jensen_shannon(cast(tuple[str, ...], reference), cast(tuple[str, ...], current))
    else:
        method = WASSERSTEIN
        value = wasserstein(cast(tuple[float, ...], reference), cast(tuple[float, ...], current))
    config = {"type": f"{_METRIC}ValueDrift", "column": name, "method": method, "threshold": LIMIT}
    return _metric(f"ValueDrift(column={name},method={method},threshold={LIMIT})", config, value)


def _whole(drifted: int, columns: int) -> Doc:
    config = {"type": f"{_METRIC}DriftedColumnsCount", "drift_share": SHARE}
    value = {"count": float(drifted), "share": drifted / columns}
    return _metric(f"DriftedColumnsCount(drift_share={SHARE})", config, value)


def _metric(name: str, config: Doc, value: float | Doc) -> Doc:
    ident = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return {"id": ident, "metric_name": name, "config": config, "value": value}


def _whole_test(metric: Doc) -> Doc:
    share = metric["value"]["share"]
    fails, said = share >= SHARE, f"{share:.3f} {'>=' if share >= SHARE else '<'} {SHARE:.3f}"
    words = f"Share of Drifted Columns: Actual value {said}"
    bound: Doc = {"type": "evidently:test_v2:LessThanMetricTest", "is_critical": True, "threshold": SHARE}
    return _test("lt", f"Share of Drifted Columns: Less {SHARE:.3f}", words, metric, "CountBoundTest", bound, fails)


def _column_test(metric: Doc) -> Doc:
    config, value = metric["config"], metric["value"]
    name = f"Value Drift for column {config['column']}"
    words = f"Drift score is {value:.2f}. The drift detection method is {config['method']}. "
    words += f"The drift threshold is {config['threshold']}."
    bound = {"type": "evidently:test_v2:ValueDriftTest", "is_critical": True}
    return _test("drift", name, words, metric, "ValueDriftBoundTest", bound, value > LIMIT)


def _test(ident: str, name: str, words: str, metric: Doc, bound: str, test: Doc, fails: bool) -> Doc:
    config = metric["config"]
    return {
        "id": ident,
        "name": name,
        "description": words,
        "metric_config": {"metric_id": metric["id"], "params": config},
        "test_config": test if ident == "lt" else {},
        "status": "FAIL" if fails else "SUCCESS",
        "bound_test": {"type": f"{_TEST}{bound}", "test": test, "metric_fingerprint": metric["id"]},
    }
