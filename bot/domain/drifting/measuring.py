"""A declared comparison of two data sets, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.drifting.windows import Kind, Reading, Shape

Method = Literal["auto", "psi", "ks", "jensenshannon", "wasserstein", "chi_square"]
"""`auto` chooses as Evidently does, by the number of rows and of different values."""

_CSV = tuple(f".{form}{packed}" for form in ("csv", "tsv") for packed in ("", ".gz", ".bz2", ".zst"))
AGE = "age"
"""The method of the reading that says how old the newest row is."""


def format_of(path: str) -> Literal["parquet", "csv"]:
    """By the name's end, where nobody says it."""
    return "csv" if path.endswith(_CSV) else "parquet"


@dataclass(frozen=True)
class DataSet:
    """Where data lies: a path or URI of Parquet or CSV files (globs allowed), or a SQL query over a database whose URL
    is in the environment variable ``database``."""

    path: str = ""
    query: str = ""
    database: str = ""
    format: Literal["parquet", "csv", "sql"] = "parquet"
    time: str = ""
    """The column that tells when a row was seen; with ``last``, only the rows of the last so many seconds count."""
    last: float = 0.0
    max_age: float = 0.0
    """How many seconds old the newest row may be; 0: as old as it likes."""


@dataclass(frozen=True)
class FeatureRule:
    """What differs for one feature (or for those that a pattern with `*` matches)."""

    name: str
    method: Method = "auto"
    threshold: float | None = None
    missing: float | None = None
    """The share of missing values that may come on top of the reference's, 0 to 1."""
    range: tuple[float | None, float | None] | None = None
    categorical: bool | None = None


@dataclass(frozen=True)
class PerformanceRule:
    """A figure of the predictions against the labels; ``against`` is the metric of the version that it is compared
    with, ``worse`` by how much it may be worse, as a share of it; ``threshold`` a limit of its own."""

    metric: Literal["accuracy", "auc", "mae"]
    against: str = ""
    worse: float = 0.0
    threshold: float | None = None


@dataclass(frozen=True)
class DriftRun:
    """One declared run, as the policy says it."""

    name: str
    model: str
    environment: str
    reference: DataSet
    current: DataSet
    features: tuple[str, ...] = ()
    """Names, or patterns with `*`; empty: every column that both have."""
    exclude: tuple[str, ...] = ()
    numeric: Method = "auto"
    categorical: Method = "auto"
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """By method, in the place of Evidently's own."""
    share: float = 0.5
    """The share of drifted features from which the model drifts."""
    missing: float | None = 0.1
    new_categories: bool = True
    rows: int = 0
    """Fewer rows than this are a problem of the data's quality; 0: nobody said how many there must be."""
    prediction: str = ""
    label: str = ""
    performance: tuple[PerformanceRule, ...] = ()
    every: float = 3600.0
    cron: str = ""
    timezone: str = "UTC"
    rules: tuple[FeatureRule, ...] = ()

    @property
    def least(self) -> int:
        """Of fewer rows than this nothing but their number is told."""
        return max(self.rows, 1)


@dataclass(frozen=True)
class Measured:
    """What a run found, by kind: drift always, data quality and performance where something was looked at."""

    run: DriftRun
    rows: int
    reference_rows: int
    end: float | None
    """The newest moment in the data, in seconds since the epoch; None where no column tells."""
    readings: Mapping[Kind, tuple[Reading, ...]]
    shapes: tuple[Shape, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be compared, and why: a feature that is gone, one that is new, one whose type changed."""
