"""Data sets that are made again from their seeds: by the tests, and by `record.py` in Evidently's environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Columns = dict[str, Any]
NAMES = np.array(["card", "cash", "cheque", "gift", "points", "transfer"])


@dataclass(frozen=True)
class Case:
    """``numeric`` and ``categorical`` as our policy names methods; ``thresholds`` by method."""

    make: Callable[[np.random.RandomState], tuple[Columns, Columns]]
    numeric: str = "auto"
    categorical: str = "auto"
    thresholds: dict[str, float] = field(default_factory=dict)
    share: float = 0.5

    def data(self, name: str) -> tuple[Columns, Columns]:
        """Reference and current."""
        return self.make(np.random.RandomState(sum(map(ord, name))))


def _numeric(rows: int, more: int, shift: float) -> Callable[[np.random.RandomState], tuple[Columns, Columns]]:
    def make(random: np.random.RandomState) -> tuple[Columns, Columns]:
        def side(size: int, by: float) -> Columns:
            return {
                "normal": random.normal(by, 1.0, size),
                "skewed": random.exponential(20.0 * (1 + by), size),
                "heavy": random.standard_t(2, size) * (1 + by),
                "count": random.poisson(40 + 20 * by, size).astype(np.int64),
                "steady": random.uniform(0, 1, size),
            }

        return side(rows, 0.0), side(more, shift)

    return make


def _categorical(rows: int, more: int, tilt: float) -> Callable[[np.random.RandomState], tuple[Columns, Columns]]:
    def make(random: np.random.RandomState) -> tuple[Columns, Columns]:
        def side(size: int, by: float) -> Columns:
            shares = np.array([30.0, 25, 20, 15, 9.9, 0.1]) * (1 + by * np.arange(6))
            return {
                "method": random.choice(NAMES, size, p=shares / shares.sum()).tolist(),
                "flag": random.uniform(0, 1, size) < 0.3 + by / 10,
                "grade": random.randint(1, 6, size).astype(np.int64),
                "half": random.choice([0.0, 0.5, 1.0], size, p=[0.5 - by / 10, 0.3, 0.2 + by / 10]),
                "two": random.choice([0.0, 1.0], size),
            }

        return side(rows, 0.0), side(more, tilt)

    return make


def _missing(random: np.random.RandomState) -> tuple[Columns, Columns]:
    reference, current = _numeric(1500, 1300, 0.2)(random)
    for side, share in ((reference, 0.05), (current, 0.3)):
        for name in ("normal", "skewed"):
            side[name][random.uniform(0, 1, len(side[name])) < share] = np.nan
        side["heavy"][:3] = [np.inf, -np.inf, np.nan]
        names = random.choice(NAMES[:3], len(side["normal"])).tolist()
        side["method"] = [None if random.uniform() < share else name for name in names]
    return reference, current


def _new_category(random: np.random.RandomState) -> tuple[Columns, Columns]:
    reference, current = _categorical(900, 700, 0.0)(random)
    current["method"][:5] = ["crypto"] * 5
    reference["method"] = [name if name != "gift" else "cash" for name in reference["method"]]
    return reference, current


def _constant(random: np.random.RandomState) -> tuple[Columns, Columns]:
    noise = random.normal(0, 1, 1200)
    same = {"same": np.full(1200, 7.5), "moved": np.full(1200, 7.5), "ties": np.round(noise, 1)}
    return same, {"same": np.full(800, 7.5), "moved": np.full(800, 8.5), "ties": np.round(noise[:800], 1) + 0.1}


def _one_row(random: np.random.RandomState) -> tuple[Columns, Columns]:
    reference, current = _numeric(300, 1, 0.0)(random)
    return reference, {name: values[:1] for name, values in current.items() if name != "count"} | {
        "count": np.array([40], np.int64)
    }


def _huge(random: np.random.RandomState) -> tuple[Columns, Columns]:
    return (
        {"huge": random.normal(1e12, 1e3, 2000), "tiny": random.normal(0, 1e-9, 2000)},
        {"huge": random.normal(1e12 + 200, 1e3, 2000), "tiny": random.normal(1e-10, 1e-9, 2000)},
    )


CASES: dict[str, Case] = {
    "small_same": Case(_numeric(500, 500, 0.0)),
    "small_moved": Case(_numeric(500, 500, 0.4)),
    "small_near_the_limit": Case(_numeric(800, 600, 0.08)),
    "small_of_other_size": Case(_numeric(1000, 3000, 0.07)),
    "large_same": Case(_numeric(5000, 5000, 0.0)),
    "large_moved": Case(_numeric(5000, 5000, 0.3)),
    "large_near_the_limit": Case(_numeric(5000, 4000, 0.1)),
    "large_tests": Case(_numeric(12000, 9000, 0.02), numeric="ks"),
    "large_tests_alike": Case(_numeric(9000, 9000, 0.02), numeric="ks"),
    "psi_same": Case(_numeric(3000, 2500, 0.0), numeric="psi", categorical="psi"),
    "psi_near_the_limit": Case(_numeric(3000, 2500, 0.3), numeric="psi"),
    "shapes_near_the_limit": Case(_numeric(3000, 3000, 0.25), numeric="jensenshannon"),
    "wasserstein_small": Case(_numeric(700, 400, 0.1), numeric="wasserstein"),
    "categories_small": Case(_categorical(800, 800, 0.0)),
    "categories_small_moved": Case(_categorical(800, 600, 0.3)),
    "categories_near_the_limit": Case(_categorical(1000, 1000, 0.05)),
    "categories_large": Case(_categorical(4000, 4000, 0.5)),
    "categories_psi": Case(_categorical(4000, 3000, 0.4), numeric="psi", categorical="psi"),
    "categories_chi_square": Case(_categorical(4000, 3000, 0.04), categorical="chi_square"),
    "new_category": Case(_new_category),
    "missing_values": Case(_missing),
    "constants_and_ties": Case(_constant),
    "constants_by_psi": Case(_constant, numeric="psi"),
    "one_row": Case(_one_row),
    "huge_and_tiny": Case(_huge),
    "own_limits": Case(_numeric(5000, 5000, 0.1), thresholds={"wasserstein": 0.02}, share=0.9),
}
