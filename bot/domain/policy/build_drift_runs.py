"""Declared runs and sources of drift, from the policy file's shape to the facts that the bot asks for."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.drifting.measuring import DataSet, DriftRun, FeatureRule, PerformanceRule, format_of
from bot.domain.policy.model_drift import RunRule, SourceRule
from bot.domain.policy.schema_drift_runs import DataEntry, FeatureEntry, PerformanceEntry, RunEntry
from bot.domain.policy.schema_drift_sources import SourceEntry

_HOURLY = 3600.0


def run_of(entry: RunEntry) -> RunRule:
    """One entry, for all models that it names."""
    every = entry.every.total_seconds() if entry.every else 0.0 if entry.cron else _HOURLY
    run = DriftRun(
        name=entry.name,
        model="",
        environment=entry.environment,
        reference=_data(entry.reference),
        current=_data(entry.current),
        features=entry.features,
        exclude=entry.exclude,
        numeric=entry.methods.numeric,
        categorical=entry.methods.categorical,
        thresholds={name: value for name, value in entry.thresholds if value is not None},
        share=entry.share,
        missing=entry.missing,
        new_categories=entry.new_categories,
        rows=entry.min_rows,
        prediction=entry.prediction or "",
        label=entry.label or "",
        performance=tuple(_performance(one) for one in entry.performance),
        every=every,
        cron=entry.cron or "",
        timezone=entry.timezone,
        rules=tuple(_feature(one) for one in entry.rules),
    )
    return RunRule(entry.model, run)


def _data(entry: DataEntry) -> DataSet:
    last, max_age = (one.total_seconds() if one else 0.0 for one in (entry.last, entry.max_age))
    seen = DataSet(time=entry.time or "", last=last, max_age=max_age)
    if entry.query is not None:
        return replace(seen, query=entry.query, database=entry.database or "", format="sql")
    path = entry.path or ""
    return replace(seen, path=path, format=entry.format or format_of(path))


def _feature(entry: FeatureEntry) -> FeatureRule:
    return FeatureRule(entry.feature, entry.method, entry.threshold, entry.missing, entry.range, entry.categorical)


def _performance(entry: PerformanceEntry) -> PerformanceRule:
    return PerformanceRule(entry.metric, entry.against or "", entry.worse or 0.0, entry.threshold)


def source_of(entry: SourceEntry) -> SourceRule:
    """One entry."""
    return SourceRule(
        name=entry.name,
        type=entry.type,
        place=entry.path or "",
        model=entry.model or "",
        environment=entry.environment or "",
        metrics=tuple(entry.metrics),
        limits={pattern: limit for pattern, limit in entry.metrics.items() if limit is not None},
        experiment=entry.experiment or "",
        threshold=entry.threshold,
        share=entry.share,
        every=entry.every.total_seconds(),
    )
