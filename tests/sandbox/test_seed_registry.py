"""The trained models: true numbers that tell the story, and a registry that holds them as MLflow 3 does."""

import asyncio
import hashlib
import json
import pickle
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.sandbox.seed import FAULTS, RegistryUnavailable, deployed, registry, seed_registry, tracking_uri
from bot.sandbox.seed.recipes import CHURN, FRAUD, LINES, LTV, RECOMMENDER, Line
from bot.sandbox.seed.training import Trained, train

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: demo)")
pytestmark = pytest.mark.xdist_group("seed-registry")  # what it trains is trained by one worker


def metrics(line: Line) -> dict[int, dict[str, float]]:
    return {number: train(line, recipe).metrics for number, recipe in enumerate(line.recipes, start=1)}


def test_fraud_detector_4_passes_where_5_fails() -> None:
    by = metrics(FRAUD)
    assert by[3]["roc_auc"] < by[4]["roc_auc"]
    assert by[4]["log_loss"] < by[3]["log_loss"]
    for version in (3, 4):
        assert by[version]["roc_auc"] > 0.90
        assert by[version]["recall"] > 0.80
    assert by[5]["roc_auc"] < by[3]["roc_auc"] * 0.99
    assert by[5]["recall"] < 0.80


def test_churn_17_is_worse_than_16() -> None:
    by = metrics(CHURN)
    assert by[17]["log_loss"] > by[16]["log_loss"] * 1.01
    assert by[16]["log_loss"] < by[15]["log_loss"] < by[14]["log_loss"]


def test_every_ltv_is_better_than_the_one_before() -> None:
    errors = [one["rmse"] for one in metrics(LTV).values()]
    assert errors == sorted(set(errors), reverse=True)


def test_every_recommender_is_better_than_the_one_before() -> None:
    by = list(metrics(RECOMMENDER).values())
    assert [one["roc_auc"] for one in by] == sorted({one["roc_auc"] for one in by})
    assert [one["log_loss"] for one in by] == sorted({one["log_loss"] for one in by}, reverse=True)


def test_what_the_cluster_breaks_is_the_newest_of_a_model_and_runs_nowhere_at_first() -> None:
    newest = {line.name: str(len(line.recipes)) for line in LINES}
    for model, version, message in FAULTS:
        assert newest[model] == version
        assert int(version) not in {at for (name, _), at in deployed().items() if name == model}
        assert message


def test_the_same_recipe_gives_the_same_numbers() -> None:
    for line in LINES:
        first, second = train(line, line.recipes[-1]), train(line, line.recipes[-1])
        assert (first.metrics, first.train.digest) == (second.metrics, second.train.digest)


def test_digests_tell_data_sets_apart() -> None:
    trained = [train(CHURN, recipe) for recipe in CHURN.recipes]
    by_rows = {one.params["rows"]: one.train.digest for one in trained}
    assert len(set(by_rows.values())) == len(by_rows)
    assert len({one.held_out.digest for one in trained}) == 1


def test_worse_follows_the_metric_s_direction() -> None:
    from bot.sandbox.seed.publish import worse

    low, high = (Trained(None, (), {"rmse": v, "roc_auc": v}, {}, None, None) for v in (1.0, 2.0))  # type: ignore[arg-type]
    assert worse(LTV, high, low)
    assert not worse(LTV, low, high)
    assert worse(FRAUD, low, high)
    assert not worse(FRAUD, low, None)


async def test_without_scikit_learn_it_says_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(RegistryUnavailable, match=r"slackops\[demo\]"):
        await seed_registry(tmp_path, lambda _: None)


async def test_a_child_that_fails_is_reported_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("this is no database, and it is longer than a header of a hundred bytes. " * 3)
    with pytest.raises(RegistryUnavailable, match="could not be trained"):
        await seed_registry(tmp_path, lambda _: None, ("ltv",))
    assert not (tmp_path / "mlflow.seeded").exists()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder, said = tmp_path_factory.mktemp("registry"), []
    assert asyncio.run(seed_registry(folder, said.append, ("ltv",)))
    return folder, said


@pytest.fixture(scope="module")
def client(seeded: tuple[Path, list[str]]) -> Any:
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri(seeded[0]), tracking_uri(seeded[0]))


def test_it_says_what_it_does(seeded: tuple[Path, list[str]]) -> None:
    assert any("ltv" in line and "5 versions" in line for line in seeded[1])
    assert not any("INFO" in line for line in seeded[1])


def test_versions_come_out_as_planned(client: Any) -> None:
    versions = client.search_model_versions("name = 'ltv'")
    assert sorted(int(one.version) for one in versions) == [1, 2, 3, 4, 5]
    assert all(one.source.startswith("models:/m-") and one.status == "READY" for one in versions)
    assert client.get_model_version_by_alias("ltv", "champion").version == 3
    assert client.get_model_version_by_alias("ltv", "challenger").version == 4


def test_metrics_stand_on_the_logged_model_and_on_the_run(client: Any) -> None:
    version = client.get_model_version("ltv", "4")
    logged = client.get_logged_model(version.source.removeprefix("models:/"))
    run = client.get_run(version.run_id)
    expected = train(LTV, LTV.recipes[3]).metrics
    assert {one.key: one.value for one in logged.metrics} == run.data.metrics == expected
    assert logged.params == run.data.params
    assert run.data.params["alpha"] == "0.1"
    assert run.data.tags["mlflow.source.git.commit"] == version.tags["git_commit"]
    assert version.tags["validation_status"] == "passed"
    inputs = {one.dataset.name: one.dataset.digest for one in run.inputs.dataset_inputs}
    assert inputs["diabetes-training"] == version.tags["data_digest"]
    assert {one.dataset_digest for one in logged.metrics} == {inputs["diabetes-held-out"]}


def test_the_artifact_is_a_model_that_predicts(client: Any) -> None:
    version = client.get_model_version("ltv", "4")
    folder = Path(urlsplit(client.get_model_version_download_uri("ltv", "4")).path)
    description = yaml.safe_load((folder / "MLmodel").read_text())
    assert description["run_id"] == version.run_id
    assert version.source == f"models:/{description['model_id']}"
    assert len(json.loads(description["signature"]["inputs"])) == 10
    assert hashlib.sha256((folder / "MLmodel").read_bytes()).hexdigest()
    estimator = pickle.loads((folder / "model.pkl").read_bytes())
    assert estimator.predict(train(LTV, LTV.recipes[3]).held_out.x[:3]).shape == (3,)


async def test_a_second_start_finds_it_there(seeded: tuple[Path, list[str]]) -> None:
    said: list[str] = []
    assert not await seed_registry(seeded[0], said.append, ("ltv",))
    assert said == []


TWO_ONLY = """
import sys
from dataclasses import replace
from pathlib import Path
from bot.sandbox.seed import publish
from bot.sandbox.seed.recipes import LTV
publish.LINES = (replace(LTV, recipes=LTV.recipes[:2]),)
publish.main(Path(sys.argv[1]), [])
"""


async def test_a_start_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    from mlflow import MlflowClient

    env = registry._environment(tmp_path)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", TWO_ONLY, str(tmp_path), env=env)
    assert await child.wait() == 0
    assert await seed_registry(tmp_path, lambda _: None, ("ltv",))
    versions = MlflowClient(tracking_uri(tmp_path), tracking_uri(tmp_path)).search_model_versions("name = 'ltv'")
    assert sorted(int(one.version) for one in versions) == [1, 2, 3, 4, 5]
    assert {one.tags["validation_status"] for one in versions} == {"passed"}
