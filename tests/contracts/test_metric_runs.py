"""Runs that monitors log their figures to: MLflow's own, and in memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.mlflow_registry.drift import MlflowRuns
from bot.errors import Reason, Refused
from bot.ports import MetricRuns
from tests.fakes.metric_runs import FakeMetricRuns
from tests.support.mlflow_store import MlflowStore

Add = Callable[[str, float, dict[str, float]], str]
NOW = 1_800_000_000.0


@pytest.fixture(params=["fake", "mlflow"])
def tracked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[MetricRuns, Add]:
    if request.param == "fake":
        fake = FakeMetricRuns()

        def remember(name: str, ended: float, metrics: dict[str, float]) -> str:
            fake.add("monitoring", name, ended, metrics, model=name)
            return name

        return fake, remember
    store = MlflowStore.copy(request.getfixturevalue("mlflow_template"), tmp_path)
    experiment = store.client.create_experiment("monitoring")

    def log(name: str, ended: float, metrics: dict[str, float]) -> str:
        run: str = store.client.create_run(experiment, tags={"model": name}).info.run_id
        for key, value in metrics.items():
            store.client.log_metric(run, key, value)
        store.client.set_terminated(run, end_time=int(ended * 1000))
        return run

    store.client.create_run(experiment, tags={"model": "still going"})
    return MlflowRuns(store.uri, timeout=60), log


def test_what_ended_since_the_first_in_front(tracked: tuple[MetricRuns, Add]) -> None:
    runs, add = tracked
    late = add("late", NOW + 5.5, {"drift.psi.amount": 0.3})
    add("before", NOW - 1, {})
    first = add("first", NOW, {"loss": 1.0})
    found = runs.ended("monitoring", NOW)
    assert [(one.path, one.modified) for one in found] == [(first, NOW), (late, NOW + 5.5)]
    assert (found[1].metrics, found[1].tags["model"]) == ({"drift.psi.amount": 0.3}, "late")
    assert runs.ended("monitoring", NOW + 6) == []
    with pytest.raises(Refused) as refused:
        runs.ended("elsewhere", 0.0)
    assert refused.value.reason is Reason.DATA_UNREADABLE


def test_what_is_no_number_is_left_out(mlflow_template: Path, tmp_path: Path) -> None:
    store = MlflowStore.copy(mlflow_template, tmp_path)
    run = store.client.create_run(store.client.create_experiment("monitoring")).info.run_id
    for name, value in (("a", math.nan), ("b", math.inf), ("c", 1.0)):
        store.client.log_metric(run, name, value)
    store.client.set_terminated(run)
    [found] = MlflowRuns(store.uri, timeout=60).ended("monitoring", 0.0)
    assert [name for name, value in found.metrics.items() if name == "a" or math.isinf(value)] == []
    assert found.metrics["c"] == 1.0
