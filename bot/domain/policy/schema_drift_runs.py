"""The policy file's words on what the bot measures itself."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.values import Cron, Duration, EnvironmentName, Line, Text, expected
from bot.domain.policy.values_drift import Allowance, DatabaseName, Fraction, Names, Place, Query
from bot.domain.policy.values_time import Timezone

MAX_NAMES = 1000
Numeric = Literal["auto", "psi", "ks", "jensenshannon", "wasserstein"]
Categorical = Literal["auto", "psi", "jensenshannon", "chi_square"]
AnyMethod = Literal["auto", "psi", "ks", "jensenshannon", "wasserstein", "chi_square"]
P_VALUES = frozenset({"ks", "chi_square"})
"""Methods whose figure is a p-value: drift is below the threshold, which lies between 0 and 1."""


class DataEntry(Section):
    """Where data lies: a path or URI of Parquet or CSV, or a SQL query."""

    path: Place | None = None
    format: Literal["parquet", "csv"] | None = None
    query: Query | None = None
    database: DatabaseName | None = None
    time: Text | None = None
    last: Duration | None = None
    max_age: Duration | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.path is None) is (self.query is None):
            raise expected("either path or query")
        if (self.query is None) is not (self.database is None):
            raise expected("database, the environment variable with the URL, beside query, and only there")
        if self.format is not None and self.path is None:
            raise expected("format only beside path")
        if self.last is not None and (self.time is None or not self.last):
            raise expected("last, a duration, only beside time, the column that tells when a row was seen")
        if self.max_age is not None and (self.time is None or not self.max_age):
            raise expected("max_age, a duration, only beside time, the column that tells when a row was seen")
        return self


class Methods(Section):
    """How features are compared."""

    numeric: Numeric = "auto"
    categorical: Categorical = "auto"


class Thresholds(Section):
    """From where a feature drifts, by method."""

    psi: float | None = Field(default=None, gt=0, le=1000)
    ks: float | None = Field(default=None, gt=0, lt=1)
    jensenshannon: float | None = Field(default=None, gt=0, le=1)
    wasserstein: float | None = Field(default=None, gt=0, le=1000)
    chi_square: float | None = Field(default=None, gt=0, lt=1)
    z: float | None = Field(default=None, gt=0, lt=1)


class FeatureEntry(Section):
    """What differs for one feature, or for those that a pattern matches."""

    feature: Text
    method: AnyMethod = "auto"
    threshold: float | None = Field(default=None, gt=0, le=1000)
    missing: Allowance | None = None
    range: tuple[float | None, float | None] | None = None
    categorical: bool | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        low, high = self.range or (None, None)
        if self.range is not None and (low is high or (low is not None and high is not None and low >= high)):
            raise expected("a range such as [0, 100], [0, null] or [null, 100]")
        if self.method == "auto" and self.threshold is not None:
            raise expected("a method beside threshold: auto chooses p-values and distances, whose limits differ")
        if self.method in P_VALUES and self.threshold is not None and self.threshold >= 1:
            raise expected(f"a threshold below 1, since {self.method} gives a p-value")
        numeric_only, categorical_only = self.method in ("ks", "wasserstein"), self.method == "chi_square"
        if (self.categorical is True and numeric_only) or (self.categorical is False and categorical_only):
            raise expected(f"a method that fits categorical: {str(self.categorical).lower()}")
        return self


class PerformanceEntry(Section):
    """How good the predictions are where labels came in."""

    metric: Literal["accuracy", "auc", "mae"]
    against: Text | None = None
    worse: Allowance | None = None
    threshold: float | None = None

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if self.against is None and self.threshold is None:
            raise expected("against, a metric of the version, or threshold")
        if self.worse is not None and self.against is None:
            raise expected("worse only beside against")
        return self


class RunEntry(Section):
    """A reference, a current data set, and what is compared."""

    name: Text
    model: Names
    environment: EnvironmentName
    reference: DataEntry
    current: DataEntry
    features: tuple[Line, ...] = Field(default=(), max_length=MAX_NAMES)
    exclude: tuple[Line, ...] = Field(default=(), max_length=MAX_NAMES)
    methods: Methods = Methods()
    thresholds: Thresholds = Thresholds()
    share: Fraction = 0.5
    missing: Allowance = 0.1
    new_categories: bool = True
    min_rows: int = Field(default=0, ge=0, le=10**9)
    prediction: Text | None = None
    label: Text | None = None
    performance: tuple[PerformanceEntry, ...] = Field(default=(), max_length=10)
    rules: tuple[FeatureEntry, ...] = Field(default=(), max_length=MAX_NAMES)
    every: Duration | None = None
    cron: Cron | None = None
    timezone: Timezone = "UTC"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.every is not None and self.cron is not None:
            raise expected("either every or cron")
        if self.every is not None and self.every.total_seconds() < 60:
            raise expected("an every of at least 1m")
        if self.performance and (self.prediction is None or self.label is None):
            raise expected("prediction and label, the columns that performance compares")
        if self.reference.max_age is not None:
            raise expected("max_age only of current; a reference may be as old as it likes")
        if self.model == ():
            raise expected("at least one model")
        return self
