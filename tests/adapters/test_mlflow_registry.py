"""What only the adapter of MLflow has: where metrics come from, digests, a server that is slow, away or broken."""

from __future__ import annotations

import hashlib
import math
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.mlflow_registry import MlflowRegistry, writes
from bot.adapters.mlflow_registry.convert import merged_metrics
from bot.adapters.mlflow_registry.registry import RETRY_SECONDS
from bot.domain.facts import Column, Signature
from bot.errors import RegistryUnavailable
from tests.support.mlflow_store import MlflowStore


@pytest.fixture
def store(mlflow_template: Path, tmp_path: Path) -> MlflowStore:
    return MlflowStore.copy(mlflow_template, tmp_path)


@pytest.fixture
def registry(store: MlflowStore) -> MlflowRegistry:
    return MlflowRegistry(store.uri, keep=0)


def test_the_logged_models_metrics_and_the_runs_others(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {"auc": 0.9, "loss": 0.1}, run_metrics={"loss": 0.3, "seconds": 12.0})
    found = registry.version("a", "1")
    assert found.metrics == {"auc": 0.9, "seconds": 12.0}
    assert found.conflicts == ("loss",)


def test_without_a_logged_model_the_run_speaks(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {"auc": 0.9}, logged=False, params={"depth": "3"})
    found = registry.version("a", "1")
    assert (found.metrics, found.conflicts, found.params) == ({"auc": 0.9}, (), {"depth": "3"})
    assert found.model_id is None
    assert found.artifact_digest is None


def test_the_training_commit(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {}, run_tags={"mlflow.source.git.commit": "abc123"})
    assert registry.version("a", "1").git_commit == "abc123"


def test_datasets(store: MlflowStore, registry: MlflowRegistry) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    version = store.add("a", {})
    data = Dataset(name="train", digest="d1", source_type="local", source="{}")
    store.client.log_inputs(version.run_id, [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
    found = registry.version("a", "1").datasets
    assert [(one.name, one.digest, one.context) for one in found] == [("train", "d1", "training")]


def test_the_digest_of_the_mlmodel_file(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {})
    found = registry.version("a", "1")
    expected = hashlib.sha256(f"model_id: {found.model_id}\n".encode()).hexdigest()
    assert found.artifact_digest == f"mlmodel-sha256:{expected}"


def test_the_digest_of_a_tag_comes_first(store: MlflowStore) -> None:
    store.add("a", {}, tags={"sha": "sha256:1"})
    store.add("a", {})
    registry = MlflowRegistry(store.uri, digest_tag="sha", keep=0)
    assert registry.version("a", "1").artifact_digest == "sha256:1"
    assert (registry.version("a", "2").artifact_digest or "").startswith("mlmodel-sha256:")


def test_the_file_is_read_once_in_a_while_also_where_a_tag_has_the_digest(store: MlflowStore, monkeypatch: Any) -> None:
    told = Signature((Column("age", "long"),), (Column("", "double"),))
    store.add("a", {}, tags={"sha": "sha256:1"}, signature=told)
    registry = MlflowRegistry(store.uri, digest_tag="sha", keep=0)
    first = registry.version("a", "1")
    _mlmodel(store).unlink()
    assert first.signature == registry.version("a", "1").signature == told
    _later(monkeypatch)
    assert registry.version("a", "1").signature == told  # one that does not answer now is what it was


def test_a_file_that_somebody_changed_has_another_digest(store: MlflowStore, monkeypatch: Any) -> None:
    store.add("a", {})
    registry = MlflowRegistry(store.uri, keep=0)
    first = registry.version("a", "1").artifact_digest
    _mlmodel(store).write_text("flavors: {}")
    assert registry.version("a", "1").artifact_digest == first
    _later(monkeypatch)
    assert registry.version("a", "1").artifact_digest not in (first, None)


def test_a_file_that_cannot_be_read_is_asked_for_again_later(store: MlflowStore, monkeypatch: Any) -> None:
    told = Signature((Column("age", "long"),), ())
    store.add("a", {}, signature=told)
    file, registry = _mlmodel(store), MlflowRegistry(store.uri, keep=0)
    hidden = file.rename(file.with_name("elsewhere"))
    first = registry.version("a", "1")
    assert (first.signature, first.artifact_digest) == (None, None)
    hidden.rename(file)
    assert registry.version("a", "1").signature is None
    _later(monkeypatch)
    assert registry.version("a", "1").signature == told


def test_a_broken_signature_does_not_cost_the_digest(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {})
    _mlmodel(store).write_text("signature: {inputs: 'no json'}")
    found = registry.version("a", "1")
    assert found.signature is None
    assert (found.artifact_digest or "").startswith("mlmodel-sha256:")


def test_an_alias_that_is_there_is_not_written_again(store: MlflowStore, registry: MlflowRegistry) -> None:
    """Every write fires MLflow's webhook, set or not."""
    store.add("a", {})
    registry.set_alias("a", "live", "1")
    registry.set_tags("a", "1", {"x": "y"})
    client = _Deaf(store.client)
    writes.set_alias(client, "a", "live", "1")
    writes.set_tags(client, "a", "1", {"x": "y"})


class _Deaf:
    """A client that can look, and breaks at the first write."""

    def __init__(self, client: Any) -> None:
        self.get_model_version = client.get_model_version


def _later(monkeypatch: Any) -> None:
    late = time.monotonic() + RETRY_SECONDS
    monkeypatch.setattr("bot.adapters.mlflow_registry.registry.time.monotonic", lambda: late)


def _mlmodel(store: MlflowStore) -> Path:
    (file,) = store.folder.rglob("MLmodel")
    return file


def test_a_version_is_found_among_many(store: MlflowStore, registry: MlflowRegistry) -> None:
    first = store.add("a", {})
    for _ in range(3):
        store.client.create_model_version("a", "s3://elsewhere/model")
    found = registry.find("a", model_id=registry.version("a", "1").model_id)
    assert found is not None
    assert found.version == "1"
    assert found.run_id == first.run_id


@pytest.mark.parametrize(
    ("logged", "run", "metrics", "conflicts"),
    [
        ({}, {}, {}, ()),
        ({"a": 1}, {}, {"a": 1.0}, ()),
        ({}, {"a": 1}, {"a": 1.0}, ()),
        ({"a": 1, "b": 2}, {"a": 1, "c": 3}, {"a": 1.0, "b": 2.0, "c": 3.0}, ()),
        ({"a": 0.1 + 0.2}, {"a": 0.3}, {"a": 0.1 + 0.2}, ()),
        ({"b": 1, "a": 1}, {"a": 2, "b": 2}, {}, ("a", "b")),
        ({"a": 1}, {"a": math.nan}, {}, ("a",)),
        ({"a": math.inf}, {"a": -math.inf}, {}, ("a",)),
    ],
)
def test_conflicts_are_unknown(
    logged: dict[str, float], run: dict[str, float], metrics: dict[str, float], conflicts: tuple[str, ...]
) -> None:
    assert merged_metrics(logged, run) == (metrics, conflicts)


def test_nan_is_kept_where_mlflow_keeps_it(store: MlflowStore, registry: MlflowRegistry) -> None:
    store.add("a", {"broken": math.nan, "endless": -math.inf}, logged=False)
    found = registry.version("a", "1").metrics
    assert math.isnan(found["broken"])
    assert found["endless"] == -math.inf


def test_nan_agrees_with_nan() -> None:
    metrics, conflicts = merged_metrics({"a": math.nan}, {"a": math.nan})
    assert (list(metrics), conflicts) == (["a"], ())


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_server_that_never_answers_is_given_up_in_time(silent: str) -> None:
    registry = MlflowRegistry(silent, timeout=1)
    MlflowRegistry(silent, timeout=1)._client._get()  # the import is not what is timed
    started = time.monotonic()
    failures: list[RegistryUnavailable] = []

    def ask() -> None:
        try:
            registry.version("a", "1")
        except RegistryUnavailable as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 8
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "sqlite:////dev/null/all.db", "nonsense://x"])
def test_a_registry_that_is_away_is_transient(uri: str) -> None:
    registry = MlflowRegistry(uri, timeout=5)
    calls = (registry.models, lambda: registry.version("a", "1"), lambda: registry.find("a", run_id="1"))
    for call in calls:
        with pytest.raises(RegistryUnavailable):
            call()


def test_no_password_is_said() -> None:
    registry = MlflowRegistry("http://bot:verysecret@127.0.0.1:9", timeout=3)
    with pytest.raises(RegistryUnavailable) as failed:
        registry.models()
    assert "verysecret" not in str(failed.value)


def test_the_package_is_cheap_to_import() -> None:
    code = (
        "import sys, bot.adapters.mlflow_registry, bot.adapters.github; print({'mlflow', 'github'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_whoever_looks_at_the_state_reads_versions_anew(store: MlflowStore) -> None:
    registry = MlflowRegistry(store.uri, keep=600)
    store.add("m", {"a": 1.0})
    assert registry.version("m", "1").tags == {}
    store.client.set_model_version_tag("m", "1", "gate", "passed")
    assert registry.version("m", "1").tags == {}
    assert registry.state("m").tags == {"1": {"gate": "passed"}}
    assert registry.version("m", "1").tags == {"gate": "passed"}
