"""Measures data that is in memory."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bot.adapters.measuring.measured import NumpyMeasuring
from bot.adapters.measuring.table import ArrowTable
from bot.domain.drifting.measuring import DataSet, DriftRun, Measured
from bot.domain.drifting.windows import Kind, Reading

NOW = 1_700_000_000.0


def run_of(**more: Any) -> DriftRun:
    """A run over tables that the test has; ``more`` as DriftRun's fields."""
    more = {"reference": DataSet("reference"), "current": DataSet("current"), **more}
    return DriftRun("nightly", "fraud-detector", "production", **more)


def measured(reference: Any, current: Any, logged: dict[str, float] | None = None, /, **more: Any) -> Measured:
    """Columns by name on both sides."""
    tables = {"reference": ArrowTable(pa.table(reference), "one"), "current": ArrowTable(pa.table(current))}
    return NumpyMeasuring(lambda data: tables[data.path], lambda: NOW).measure(run_of(**more), logged)


def reading(found: Measured, feature: str, method: str = "", kind: Kind = Kind.DRIFT) -> Reading:
    """The only one of the feature, or of the feature and the method."""
    fitting = [one for one in found.readings[kind] if one.feature == feature and method in {"", one.method}]
    assert len(fitting) == 1, fitting
    return fitting[0]
