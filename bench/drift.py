"""Drift of 1,000 models x 50 features x 10,000 rows against Evidently on the same data.

Run with ``python -m bench.drift --evidently PYTHON``, where PYTHON is that of an environment with Evidently 0.7.23 (it
needs an older pandas than anything else: ``pip install evidently==0.7.23 "pandas<3"``). Without it only ours is timed,
and the yardstick is said to be missing. Both get the data in memory, as they like it, and both are measured on some of
the models and scaled up; --quick takes fewer. Ours is the whole run, from Arrow columns to readings, with a reference
that was prepared before, as the bot keeps it; what preparing costs stands beside it. The goal is judged twice: with
Evidently's own choice of method, and with all four numeric statistics computed for every feature.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.drift_data import FEATURES, columns
from bot.adapters.measuring.comparing import figure
from bot.adapters.measuring.kinds import ColumnKind
from bot.adapters.measuring.measured import NumpyMeasuring
from bot.adapters.measuring.methods import THRESHOLDS
from bot.adapters.measuring.pairs import NumberPair
from bot.adapters.measuring.plan import Column
from bot.adapters.measuring.survey import survey
from bot.adapters.measuring.table import ROWS_AT_ONCE, ArrowTable, Table
from bot.domain.drifting.measuring import DataSet, DriftRun, Measured
from bot.domain.drifting.windows import Kind, Verdict

MODELS, ROWS, LONG, LARGE = 1_000, 10_000, 130_000, 1_000_000
FOUR = ("psi", "ks", "jensenshannon", "wasserstein")
GOAL, FLAT = 100.0, 1.1


class Streamed:
    """A table that is made while it is read: the rows are nowhere else. ``columns`` are the same in every batch but for
    the sign and a small factor."""

    identity = ""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._first = {name: values[:ROWS_AT_ONCE] for name, values in columns(0, ROWS, drifted=False).items()}

    def columns(self) -> Mapping[str, ColumnKind]:
        """All of them."""
        return dict.fromkeys(self._first, ColumnKind.FLOAT)

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Every one has values of its own."""
        for number in range(self._rows // ROWS):
            yield {name: pa.array(self._first[name] * (1.0 + 1e-7 * number)) for name in names}


def _run() -> DriftRun:
    return DriftRun("bench", "model", "production", DataSet("reference"), DataSet("current"))


def ours(models: int) -> Iterator[tuple[float, float, list[str]]]:
    """Seconds to prepare, seconds to measure, and the features that drift, for each model."""
    for model in range(models):
        sides = [pa.table(columns(model, ROWS, drifted=drifted)) for drifted in (False, True)]
        tables = {"reference": ArrowTable(sides[0], str(model)), "current": ArrowTable(sides[1], str(model))}
        measuring = NumpyMeasuring(lambda data, tables=tables: tables[data.path])
        cold, _ = _timed(measuring, _run())
        warm, found = _timed(measuring, _run())
        bad = [one.feature for one in found.readings[Kind.DRIFT] if one.verdict is Verdict.BAD and one.feature]
        yield cold - warm, warm, bad


def all_four(models: int) -> list[float]:
    """Seconds from Arrow columns to four figures a feature, the reference prepared."""
    taken = []
    planned = [Column(f"feature_{n:02}", ColumnKind.FLOAT, False, None, False) for n in range(FEATURES)]
    for model in range(models):
        sides = [ArrowTable(pa.table(columns(model, ROWS, drifted=drifted))) for drifted in (False, True)]
        old = survey(sides[0], planned)
        for one in old.columns.values():
            one.held()  # type: ignore[union-attr]
        start = time.perf_counter()
        new = survey(sides[1], planned)
        for name, one in new.columns.items():
            pair = NumberPair(old.columns[name], one, integers=False)  # type: ignore[arg-type]
            found = [figure(method, pair, THRESHOLDS[method], numeric=True)[0] for method in FOUR]
            assert np.isfinite(found).all()
        taken.append(time.perf_counter() - start)
    return taken


def peak(rows: int) -> float:
    """MiB that a run allocates at the most, both data sets of so many rows read as a stream."""
    tables: dict[str, Table] = {"reference": Streamed(rows), "current": Streamed(rows)}
    tracemalloc.start()
    NumpyMeasuring(lambda data: tables[data.path]).measure(_run())
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most


def _timed(measuring: NumpyMeasuring, run: DriftRun) -> tuple[float, Measured]:
    start = time.perf_counter()
    found = measuring.measure(run)
    return time.perf_counter() - start, found


def yardstick(python: str, models: int) -> list[dict[str, Any]]:
    """What Evidently says, and how long it takes, for each model."""
    command = [python, str(Path(__file__).parent / "drift_evidently.py"), str(models), str(ROWS)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def _judge(words: str, value: float, goal: float, *, at_most: bool = False) -> bool:
    good = value <= goal if at_most else value >= goal
    print(f"  {value:8.2f} {words}; goal {'<=' if at_most else '>='} {goal:g}: {'held' if good else 'MISSED'}")
    return good


def against(python: str, models: int, warm: float, four: float, bad: list[list[str]]) -> bool:
    """Print the ratios and whether verdicts are the same."""
    told = yardstick(python, models)
    theirs = statistics.median(one["seconds"] for one in told)
    methods = ", ".join(sorted({name for one in told for name in one["methods"]}))
    print(f"  Evidently: {theirs:.2f} s a model (of {models}, by {methods}); {theirs * MODELS / 60:.0f} min for all")
    same = all(one["bad"] == mine for one, mine in zip(told, bad, strict=False))
    print(f"  verdicts of {models} models x {FEATURES} features: {'the same' if same else 'DIFFERENT'}")
    good = _judge("x faster with Evidently's method", theirs / warm, GOAL)
    return _judge("x faster with all four statistics", theirs / four, GOAL) and good and same


def main() -> int:
    """Print the numbers; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer models")
    parser.add_argument("--models", type=int, help="models that ours is measured on (100; 20 with --quick)")
    parser.add_argument("--evidently", metavar="PYTHON", help="a Python with Evidently 0.7.23")
    given = parser.parse_args()
    models = given.models or (20 if given.quick else 100)
    found = list(ours(models))
    warm, four = statistics.median(one[1] for one in found), statistics.median(all_four(models))
    print(f"drift, {MODELS:,} models x {FEATURES} features x {ROWS:,} rows (of {models} models, scaled)")
    print(f"  ours: {warm * 1000:.1f} ms a model, {warm * MODELS:.0f} s for all; four statistics {four * 1000:.1f} ms")
    print(f"  preparing a reference: {statistics.median(one[0] for one in found) * 1000:.1f} ms more, once")
    good = True
    if given.evidently:
        good = against(given.evidently, 2 if given.quick else 5, warm, four, [one[2] for one in found])
    else:
        print("  no yardstick: name a Python that has Evidently with --evidently")
    small, long, large = peak(ROWS), peak(LONG), peak(LARGE)
    print(
        f"  peak memory {small:.0f} MiB at {ROWS:,} rows (all kept), {long:.0f} at {LONG:,}, {large:.0f} at {LARGE:,}"
    )
    return 0 if _judge(f"x the memory of {LONG:,} rows", large / long, FLAT, at_most=True) and good else 1


if __name__ == "__main__":
    sys.exit(main())
