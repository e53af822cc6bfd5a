"""Data sets that do not fit: exact where that can be, bounded where not, and memory that stays what it is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as shaped

from bot.adapters.measuring import gridded, sampled, survey
from bot.adapters.measuring.cache import References
from bot.adapters.measuring.gridded import Grid
from bot.adapters.measuring.kinds import ColumnKind
from bot.adapters.measuring.measured import NumpyMeasuring
from bot.adapters.measuring.summaries import Labels, Numbers
from bot.adapters.measuring.survey import Survey
from bot.domain.drifting.windows import Kind, Verdict
from tests.adapters.measuring.rig import NOW, measured, reading, run_of

FINITE = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
ROWS = shaped.arrays(np.float64, st.integers(1, 60), elements=FINITE)


def grids(one: Any, other: Any, points: Any) -> tuple[Grid, Grid]:
    ends = [one.min(), one.max(), other.min(), other.max()]
    at = np.unique(np.concatenate((points, ends)))
    made = [Grid(at, np.array([at[0], at[-1] + 1.0]), 0.0) for _ in (one, other)]
    for grid, values in zip(made, (one, other), strict=True):
        for part in np.array_split(values, 3):
            grid.add(part)
    return made[0], made[1]


@given(ROWS, ROWS)
@settings(max_examples=50, deadline=None)
def test_a_grid_of_the_references_own_values_is_exact(one: Any, other: Any) -> None:
    told = sampled.ks_distance(np.sort(one), np.sort(other))
    found = gridded.ks_distance(*grids(one, other, one))
    assert (found.value, found.error) == (pytest.approx(told), 0.0)


@given(ROWS, ROWS, ROWS)
@settings(max_examples=50, deadline=None)
def test_any_other_grid_is_wrong_by_no_more_than_it_says(one: Any, other: Any, points: Any) -> None:
    ordered = np.sort(one), np.sort(other)
    far, area = sampled.ks_distance(*ordered), sampled.wasserstein(*ordered)
    pair = grids(one, other, points)
    distance, surface = gridded.ks_distance(*pair), gridded.wasserstein(*pair)
    assert distance.value - 1e-9 <= far <= distance.value + distance.error + 1e-9
    assert abs(surface.value - area) <= surface.error + 1e-6 * (1 + area)


@pytest.mark.parametrize("method", ["ks", "wasserstein", "psi", "jensenshannon"])
@pytest.mark.parametrize(("rows", "more"), [(3_000, 9_000), (9_000, 2_000), (9_000, 12_000)])
def test_what_is_streamed_is_what_is_held(monkeypatch: pytest.MonkeyPatch, method: Any, rows: int, more: int) -> None:
    random = np.random.RandomState(rows)
    sides = [
        {
            "plain": random.normal(by, 1, size),
            "ties": random.poisson(60 + by, size),
            "few": random.randint(0, 4, size) / 2.0,
            "grade": random.randint(0, 4, size),
        }
        for size, by in ((rows, 0.0), (more, 0.1))
    ]
    held = measured(*sides, numeric=method)
    monkeypatch.setattr(survey, "MOST_ROOM", 2_000)
    streamed = measured(*sides, numeric=method)
    for one, other in zip(held.readings[Kind.DRIFT], streamed.readings[Kind.DRIFT], strict=True):
        assert (other.feature, other.method, other.verdict) == (one.feature, one.method, one.verdict)
        near = {"ks": 0.25, "wasserstein": 0.01}.get(one.method, 1e-9)  # of a p-value; the room is a tenth of the usual
        assert other.value == pytest.approx(one.value, rel=near, abs=1e-6), one.feature


def test_a_thinned_column_is_spread_over_all_of_it() -> None:
    kept = Numbers(1_000)
    for start in range(0, 64_000, 700):
        kept.add(pa.array(np.arange(start, min(start + 700, 64_000), dtype=float)))
    assert (kept.count, kept.low, kept.high, kept.complete) == (64_000, 0.0, 63_999.0, False)
    assert kept.held().tolist() == list(range(0, 64_000, kept.stride))
    assert kept.mean == pytest.approx(31_999.5)
    assert kept.deviation == pytest.approx(np.arange(64_000).std())


def test_only_so_many_names_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.measuring.summaries.MOST_LABELS", 10)
    kept = Labels()
    kept.add(pa.array([f"name {number % 40}" for number in range(400)]))
    assert (len(kept.counts), kept.count, kept.other) == (10, 400, 300)
    names = [f"name {number % 40}" for number in range(400)]
    found = measured({"name": names}, {"name": names[:350]})
    assert reading(found, "name").verdict is Verdict.FINE


def test_references_of_many_names_leave_the_cache_for_others() -> None:
    made: list[str] = []

    def prepared(name: str) -> Survey:
        made.append(name)
        kept = Labels()
        kept.add(pa.array([f"{name} {number}" for number in range(50)]))
        return Survey(50, {"name": kept})

    references = References(most=2_500)
    for name in ("a", "b", "b", "c", "b", "a"):
        references.get(name, lambda name=name: prepared(name))  # type: ignore[misc]
    assert made == ["a", "b", "c", "a"]


class Endless:
    """So many rows, made while they are read."""

    identity = ""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._values = np.random.RandomState(8).normal(0, 1, 50_000)
        self._names = pa.array(["a", "b"] * 25_000)

    def columns(self) -> Mapping[str, ColumnKind]:
        return {"value": ColumnKind.FLOAT, "name": ColumnKind.TEXT}

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for number in range(self._rows // 50_000):
            yield {
                "value": pa.array(self._values + number * 1e-7),
                "name": pa.array(["a", "b"] * 25_000).dictionary_encode(),
            }


def peak(rows: int) -> float:
    table = Endless(rows)
    measuring = NumpyMeasuring(lambda data: table, lambda: NOW)
    tracemalloc.start()
    found = measuring.measure(run_of())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.rows, found.reference_rows) == (rows, rows)
    assert reading(found, "value").value == pytest.approx(0.0, abs=1e-9)
    return most


def test_memory_does_not_grow_with_rows() -> None:
    peak(50_000)  # imports and caches
    assert peak(1_000_000) < 1.05 * peak(250_000)  # the room is filled alike
