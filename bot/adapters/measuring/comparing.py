"""One feature's drift: which method, which figure, what it means."""

from __future__ import annotations

import math

import numpy as np

from bot.adapters.measuring import binned, kolmogorov, methods
from bot.adapters.measuring.pairs import LabelPair, NumberPair, Pair
from bot.adapters.measuring.plan import Column
from bot.domain.drifting.measuring import DriftRun, Method
from bot.domain.drifting.scoring import score_of
from bot.domain.drifting.windows import Reading, Verdict

MOST_INTEGERS = 10
"""Different values up to which integers are categories: Evidently's INTEGER_CARDINALITY_LIMIT."""


def is_numeric(column: Column, pair: Pair) -> bool:
    """As Evidently takes a column by its current values: whole numbers of few values are categories. (With missing ones
    among them, pandas makes them floats, and they are numbers.)"""
    if isinstance(pair, LabelPair):
        return False
    declared = column.rule.categorical if column.rule is not None else None
    few = pair.current.few
    whole = column.kind.value == "integer" and not pair.current.nulls
    return declared is False or not (whole and few is not None and len(few) <= MOST_INTEGERS)


def drift_of(run: DriftRun, column: Column, pair: Pair) -> Reading:
    """The feature's reading: unknown where there is nothing to compare, with the reason in ``note``."""
    numeric = is_numeric(column, pair)
    wanted = _wanted(run, column, numeric=numeric)
    why = _hindrance(column, pair, wanted, numeric=numeric)
    if why:
        return Reading(feature=column.name, method="none", value=None, note=why, prediction=column.prediction)
    method = methods.auto(pair.reference.count, pair.values, numeric=numeric) if wanted == "auto" else wanted
    threshold = methods.limit(method, column.rule, run.thresholds)
    value, error = figure(method, pair, threshold, numeric=numeric)
    if not math.isfinite(value):
        note = "its values are too large to be compared"
        return Reading(feature=column.name, method=method, value=None, note=note, prediction=column.prediction)
    return Reading(
        feature=column.name,
        method=method,
        value=value,
        threshold=threshold,
        verdict=Verdict.BAD if methods.drifted(method, value, threshold) else Verdict.FINE,
        score=score_of(value, threshold, methods.way(method)),
        note=f"within {error:.2g}" if error > max(1e-3 * abs(value), 1e-12) else "",
        prediction=column.prediction,
    )


def figure(method: str, pair: Pair, threshold: float, *, numeric: bool) -> tuple[float, float]:
    """The statistic, and by how much it may be wrong (of a p-value's distance, not of the p-value)."""
    with np.errstate(over="ignore", invalid="ignore"):
        if isinstance(pair, NumberPair):
            if method == "ks":
                distance, error = pair.ks()
                return kolmogorov.p_value(distance, pair.reference.count, pair.current.count, threshold), error
            if method == "wasserstein":
                return pair.wasserstein()
        by_value = not numeric or method in {"chi_square", "z"}
        counts = pair.by_value()[1:] if by_value else pair.binned()
        return _COUNTED[method](*counts), 0.0


_COUNTED = {
    "psi": binned.psi,
    "jensenshannon": binned.jensen_shannon,
    "chi_square": binned.chi_square,
    "z": binned.z_test,
}


def _wanted(run: DriftRun, column: Column, *, numeric: bool) -> Method:
    if column.rule is not None and column.rule.method != "auto":
        return column.rule.method
    return run.numeric if numeric else run.categorical


def _hindrance(column: Column, pair: Pair, method: Method, *, numeric: bool) -> str:
    """Why there is nothing to compare; empty where there is."""
    if not pair.reference.count or not pair.current.count:
        side = "reference" if not pair.reference.count else "current data"
        return f"it has no values in the {side}"
    if isinstance(pair, LabelPair) and pair.text and not (column.rule and column.rule.categorical):
        return "almost every row has a value of its own"
    if not methods.fits(method, numeric=numeric):
        return f"{method} does not compare {'numbers' if numeric else 'categories'}"
    if isinstance(pair, NumberPair) and not pair.comparable:
        return "its values are too large to be compared"
    return ""
