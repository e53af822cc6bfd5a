"""What gates need of MLflow: series, the run's start, data sets without a digest, and whether the artifact is there."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.mlflow_registry.convert import merged_metrics, series
from bot.adapters.mlflow_registry.lookup import LONGEST_TAG
from bot.adapters.mlflow_registry.registry import RETRY_SECONDS
from bot.domain.facts import MLMODEL_DIGEST
from tests.support.mlflow_store import MlflowStore


@dataclass
class Logged:
    key: str
    step: int


@pytest.fixture
def store(mlflow_template: Path, tmp_path: Path) -> MlflowStore:
    return MlflowStore.copy(mlflow_template, tmp_path)


@pytest.fixture
def registry(store: MlflowStore) -> MlflowRegistry:
    return MlflowRegistry(store.uri, keep=0)


@pytest.mark.parametrize(
    ("logged", "found"),
    [
        ([], set()),
        ([Logged("auc", 0)], set()),
        ([Logged("auc", 0), Logged("loss", 1)], set()),
        ([Logged("auc", 0), Logged("auc", 0)], set()),  # one a data set
        ([Logged("auc", 0), Logged("auc", 1)], {"auc"}),
        ([Logged("auc", 3), Logged("loss", 1), Logged("auc", 0), Logged("auc", 3)], {"auc"}),
    ],
)
def test_series(logged: list[Logged], found: set[str]) -> None:
    assert series(logged) == found


@pytest.mark.parametrize(("test", "unclear"), [(0.91, ("auc",)), (0.99, ())], ids=["apart", "alike"])
def test_a_metric_that_data_sets_disagree_on_is_unclear(
    store: MlflowStore, registry: MlflowRegistry, test: float, unclear: tuple[str, ...]
) -> None:
    """Nobody can tell which one a gate means, and the one of the training data flatters."""
    version = store.add("a", {"loss": 0.1})
    model = str(version.source).removeprefix("models:/")
    for step, name, value in ((1, "test", test), (2, "train", 0.99)):
        more: dict[str, Any] = {"step": step, "model_id": model, "dataset_name": name, "dataset_digest": name}
        store.client.log_metric(version.run_id, "auc", value, **more)
    found = registry.version("a", "1")
    assert (found.conflicts, found.metrics.get("auc")) == (unclear, None if unclear else 0.99)
    assert found.metrics["loss"] == 0.1


def test_a_series_shows_its_last_value_and_says_so(store: MlflowStore, registry: MlflowRegistry) -> None:
    version = store.add("a", {"auc": 0.9, "loss": 0.1})
    model = str(version.source).removeprefix("models:/")
    for step, value in ((2, 0.91), (3, 0.92)):
        store.client.log_metric(version.run_id, "auc", value, step=step, model_id=model)
    found = registry.version("a", "1")
    assert found.metrics == {"auc": 0.92, "loss": 0.1}
    assert found.series == {"auc"}


def test_a_series_that_is_in_conflict_has_no_value_at_all(store: MlflowStore, registry: MlflowRegistry) -> None:
    version = store.add("a", {"auc": 0.9}, run_metrics={"auc": 0.5})
    model = str(version.source).removeprefix("models:/")
    store.client.log_metric(version.run_id, "auc", 0.91, step=0, model_id=model)
    found = registry.version("a", "1")
    assert (found.metrics, found.conflicts, found.series) == ({}, ("auc",), frozenset())


def test_when_its_run_began(store: MlflowStore, registry: MlflowRegistry) -> None:
    version = store.add("a", {})
    assert registry.version("a", "1").started_at == store.client.get_run(version.run_id).info.start_time / 1000
    store.client.create_model_version("a", "s3://elsewhere/model")
    assert registry.version("a", "2").started_at is None


class Name(str):
    """A name that counts how often it is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, other)


def test_thousands_of_metrics_in_conflict() -> None:
    """Each name is looked up, not searched for among all that disagree."""
    names = [Name(f"m{n}") for n in range(3_000)]
    metrics, conflicts = merged_metrics(dict.fromkeys(names, 2.0), dict.fromkeys(names, 1.0))
    assert (metrics, len(conflicts)) == ({}, 3_000)
    assert Name.compared < 30_000


def test_the_artifact_is_there(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {})
    assert registry.has_artifact(registry.version("a", "1")) is True


def test_an_artifact_that_was_deleted_after_its_file_was_read(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {})
    version = registry.version("a", "1")
    assert (version.artifact_digest or "").startswith(MLMODEL_DIGEST)
    _delete(store)
    assert registry.has_artifact(version) is False


def test_what_was_there_is_looked_for_again_in_a_while(
    store: MlflowStore, registry: MlflowRegistry, monkeypatch: Any
) -> None:
    store.add("a", {})
    version = registry.version("a", "1")
    assert registry.has_artifact(version) is True
    _delete(store)
    assert registry.has_artifact(version) is True
    late = time.monotonic() + RETRY_SECONDS
    monkeypatch.setattr("bot.adapters.mlflow_registry.registry.time.monotonic", lambda: late)
    assert registry.has_artifact(version) is False


def test_an_artifact_store_that_fails_tells_nothing(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {})
    store.client.create_model_version("a", "nosuchscheme://bucket/model")
    assert registry.has_artifact(registry.version("a", "2")) is None


def _delete(store: MlflowStore) -> None:
    (file,) = store.folder.rglob("MLmodel")
    shutil.rmtree(file.parent)


def test_the_state_holds_old_versions_that_are_asked_for_and_what_is_logged_of_them(
    store: MlflowStore, registry: MlflowRegistry
) -> None:
    for _ in range(3):
        version = store.add("m", {"auc": 0.5}, logged=False)
    before = registry.state("m", 1, ("1", "9", "model m-12", "3"))
    assert (set(before.tags), set(before.facts)) == ({"3", "1"}, {"3", "1"})
    assert registry.state("m", 1, ("1", "9", "model m-12", "3")) == before
    store.client.log_metric(version.run_id, "late", 1.0)
    after = registry.state("m", 1, ("1", "3"))
    assert (after.facts["1"] == before.facts["1"], after.facts["3"] == before.facts["3"]) == (True, False)
    assert registry.state("m", 1).facts == {}


def test_a_long_tag_is_kept_by_its_digest(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("m", {"auc": 0.5}, tags={"card": "a" * 4000, "gate": "b" * LONGEST_TAG}, logged=False)
    before = registry.state("m").tags["1"]
    assert (len(before["card"]) < LONGEST_TAG, before["gate"]) == (True, "b" * LONGEST_TAG)
    store.client.set_model_version_tag("m", "1", "card", "a" * 3999 + "b")
    assert registry.state("m").tags["1"]["card"] != before["card"]
