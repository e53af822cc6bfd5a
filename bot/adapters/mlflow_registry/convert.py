"""From MLflow's entities to our facts."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.domain.facts import DatasetInput, ModelVersion

GIT_COMMIT = "mlflow.source.git.commit"
CONTEXT = "mlflow.data.context"


def to_version(entity: Any, logged: Any | None, run: Any | None, digest: str | None) -> ModelVersion:
    """One version, with what its logged model and its run say. ``logged`` and ``run`` are None where there is none."""
    own, unclear = _logged_metrics(logged)
    metrics, conflicts = merged_metrics(own, dict(run.data.metrics) if run else {}, unclear)
    run_tags = dict(run.data.tags) if run else {}
    return ModelVersion(
        model=entity.name,
        version=str(entity.version),
        run_id=entity.run_id or (run.info.run_id if run else None),
        model_id=getattr(entity, "model_id", None) or (logged.model_id if logged else None),
        experiment_id=_experiment(logged, run),
        source=entity.source,
        created_at=(entity.creation_timestamp or 0) / 1000,
        status=str(entity.status),
        aliases=tuple(sorted(entity.aliases or ())),
        tags={str(k): str(v) for k, v in (entity.tags or {}).items()},
        metrics=metrics,
        conflicts=conflicts,
        params=_params(logged, run),
        datasets=_datasets(run),
        git_commit=(entity.tags or {}).get(GIT_COMMIT) or run_tags.get(GIT_COMMIT),
        artifact_digest=digest,
        started_at=_started(run),
        series=series(logged.metrics or ()) & metrics.keys() if logged else frozenset(),
    )


def merged_metrics(
    logged: Mapping[str, float], run: Mapping[str, float], unclear: Collection[str] = ()
) -> tuple[dict[str, float], tuple[str, ...]]:
    """The logged model's metrics, then the run's. A name with two different values is unclear, so it has none;
    ``unclear`` names those of which that is known already."""
    found = {*unclear, *(k for k in logged.keys() & run.keys() if not _same(logged[k], run[k]))}
    return {k: _number(v) for k, v in {**run, **logged}.items() if k not in found}, tuple(sorted(found))


def _number(value: float) -> float:
    """MLflow's SQL store writes an infinity as the largest float."""
    return math.copysign(math.inf, value) if abs(value) == sys.float_info.max else float(value)


def _same(one: float, other: float) -> bool:
    one, other = _number(one), _number(other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))


def _logged_metrics(logged: Any | None) -> tuple[dict[str, float], frozenset[str]]:
    """The newest value of each metric, and the names of those that data sets disagree on. A logged model may hold one
    value a data set: which of them is meant nobody can tell, and that of the training data flatters."""
    newest: dict[str, Any] = {}
    by_data: dict[tuple[str, str, str], Any] = {}
    for metric in (logged.metrics or ()) if logged else ():
        _keep_newer(newest, metric.key, metric)
        if metric.dataset_name:
            _keep_newer(by_data, (metric.key, metric.dataset_name, metric.dataset_digest or ""), metric)
    first: dict[str, float] = {}
    apart = (m.key for m in by_data.values() if not _same(first.setdefault(m.key, float(m.value)), float(m.value)))
    return {key: float(metric.value) for key, metric in newest.items()}, frozenset(apart)


def _keep_newer(kept: dict[Any, Any], key: Any, metric: Any) -> None:
    seen = kept.get(key)
    if seen is None or (metric.step, metric.timestamp) >= (seen.step, seen.timestamp):
        kept[key] = metric


def series(metrics: Iterable[Any]) -> frozenset[str]:
    """Names that were logged at more than one step. A run tells the last value alone, so of its own metrics nobody
    knows without asking for the history of each."""
    first: dict[str, int] = {}
    return frozenset(str(one.key) for one in metrics if first.setdefault(one.key, one.step) != one.step)


def _started(run: Any | None) -> float | None:
    """MLflow counts in milliseconds."""
    began = run.info.start_time if run else None
    return began / 1000 if began else None


def _experiment(logged: Any | None, run: Any | None) -> str | None:
    if logged is not None and logged.experiment_id is not None:
        return str(logged.experiment_id)
    return str(run.info.experiment_id) if run else None


def _params(logged: Any | None, run: Any | None) -> dict[str, str]:
    own = dict(logged.params or {}) if logged else {}
    return {str(k): str(v) for k, v in {**(dict(run.data.params) if run else {}), **own}.items()}


def _datasets(run: Any | None) -> tuple[DatasetInput, ...]:
    inputs: Iterable[Any] = (run.inputs.dataset_inputs or ()) if run and run.inputs else ()
    return tuple(
        DatasetInput(
            name=str(one.dataset.name),
            digest=str(one.dataset.digest or ""),
            context=next((tag.value for tag in one.tags or () if tag.key == CONTEXT), None),
        )
        for one in inputs
    )
