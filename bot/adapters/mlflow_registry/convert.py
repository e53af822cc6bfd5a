"""From MLflow's entities to our facts."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.facts import DatasetInput, ModelVersion

GIT_COMMIT = "mlflow.source.git.commit"
CONTEXT = "mlflow.data.context"


def to_version(entity: Any, logged: Any | None, run: Any | None, digest: str | None) -> ModelVersion:
    """One version, with what its logged model and its run say. ``logged`` and ``run`` are None where there is none."""
    metrics, conflicts = merged_metrics(_logged_metrics(logged), dict(run.data.metrics) if run else {})
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
    )


def merged_metrics(logged: Mapping[str, float], run: Mapping[str, float]) -> tuple[dict[str, float], tuple[str, ...]]:
    """The logged model's metrics, then the run's. A name with two different values is unclear, so it has none."""
    conflicts = tuple(sorted(k for k in logged.keys() & run.keys() if not _same(logged[k], run[k])))
    merged = {**run, **logged}
    return {k: _number(v) for k, v in merged.items() if k not in conflicts}, conflicts


def _number(value: float) -> float:
    """MLflow's SQL store writes an infinity as the largest float."""
    return math.copysign(math.inf, value) if abs(value) == sys.float_info.max else float(value)


def _same(one: float, other: float) -> bool:
    one, other = _number(one), _number(other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))


def _logged_metrics(logged: Any | None) -> dict[str, float]:
    """The newest value of each metric: a logged model may hold one a data set."""
    newest: dict[str, Any] = {}
    for metric in (logged.metrics or ()) if logged else ():
        seen = newest.get(metric.key)
        if seen is None or (metric.step, metric.timestamp) >= (seen.step, seen.timestamp):
            newest[metric.key] = metric
    return {key: float(metric.value) for key, metric in newest.items()}


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
            digest=str(one.dataset.digest),
            context=next((tag.value for tag in one.tags or () if tag.key == CONTEXT), None),
        )
        for one in inputs
    )
