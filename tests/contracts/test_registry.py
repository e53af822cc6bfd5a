"""What every Registry does: in memory, and a real MLflow store on SQLite."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.adapters.mlflow_registry import MlflowRegistry
from bot.domain.facts import Column, ModelVersion, Signature
from bot.errors import Reason, Refused
from bot.ports import Registry
from tests.fakes.registry import FakeRegistry
from tests.support.mlflow_store import MlflowStore

METRICS = {"roc_auc": 0.948, "broken": math.nan, "endless": math.inf}


class Hands(Protocol):
    @property
    def registry(self) -> Registry: ...

    def add(self, model: str, metrics: dict[str, float], params: dict[str, str], tags: dict[str, str]) -> Any: ...

    def sign(self, model: str, signature: Signature) -> Any: ...

    def alias(self, model: str, alias: str, version: str) -> None: ...


class FakeHands:
    def __init__(self) -> None:
        self.registry = FakeRegistry()

    def add(self, model: str, metrics: dict[str, float], params: dict[str, str], tags: dict[str, str]) -> ModelVersion:
        return self.registry.add(model, metrics=metrics, params=params, tags=tags)

    def sign(self, model: str, signature: Signature) -> ModelVersion:
        return self.registry.add(model, signature=signature)

    def alias(self, model: str, alias: str, version: str) -> None:
        self.registry.set_alias(model, alias, version)


class MlflowHands:
    def __init__(self, store: MlflowStore) -> None:
        self.store = store
        self.registry = MlflowRegistry(store.uri, keep=0)

    def add(self, model: str, metrics: dict[str, float], params: dict[str, str], tags: dict[str, str]) -> Any:
        return self.store.add(model, metrics, params=params, tags=tags)

    def sign(self, model: str, signature: Signature) -> Any:
        return self.store.add(model, {}, signature=signature)

    def alias(self, model: str, alias: str, version: str) -> None:
        self.store.client.set_registered_model_alias(model, alias, version)


@pytest.fixture(params=["fake", "mlflow"])
def hands(request: pytest.FixtureRequest, mlflow_template: Path, tmp_path: Path) -> Iterator[Hands]:
    found: Hands = FakeHands() if request.param == "fake" else MlflowHands(MlflowStore.copy(mlflow_template, tmp_path))
    for version in range(1, 4):
        metrics = {**METRICS, "roc_auc": 0.94 + version / 1000}
        found.add("fraud-detector", metrics, {"depth": str(version)}, {"stage": f"t{version}"})
    found.add("churn", {"log_loss": 0.2}, {}, {})
    found.alias("fraud-detector", "champion", "2")
    yield found


def test_a_version_with_its_facts(hands: Hands) -> None:
    found = hands.registry.version("fraud-detector", "3")
    assert (found.model, found.version, found.status) == ("fraud-detector", "3", "READY")
    assert found.metrics["roc_auc"] == pytest.approx(0.943)
    # MLflow's SQL store forgets that a logged model's metric was no number, and then contradicts the run's.
    assert "broken" in found.conflicts or math.isnan(found.metrics["broken"])
    assert math.isinf(found.metrics["endless"])
    assert found.params == {"depth": "3"}
    assert found.tags == {"stage": "t3"}
    assert found.created_at > 1_600_000_000
    assert found.run_id
    assert found.model_id
    assert found.experiment_id


def test_aliases(hands: Hands) -> None:
    found = hands.registry.by_alias("fraud-detector", "champion")
    assert (found.version, found.aliases) == ("2", ("champion",))
    assert hands.registry.version("fraud-detector", "3").aliases == ()
    hands.alias("fraud-detector", "champion", "3")
    assert hands.registry.by_alias("fraud-detector", "champion").version == "3"


def test_versions_are_newest_first(hands: Hands) -> None:
    assert [found.version for found in hands.registry.versions("fraud-detector")] == ["3", "2", "1"]
    assert [found.version for found in hands.registry.versions("fraud-detector", 2)] == ["3", "2"]
    assert hands.registry.versions("fraud-detector", 1)[0].metrics["roc_auc"] == pytest.approx(0.943)


def test_a_version_is_found_by_run_and_by_model_id(hands: Hands) -> None:
    wanted = hands.registry.version("fraud-detector", "2")
    for found in (
        hands.registry.find("fraud-detector", run_id=wanted.run_id),
        hands.registry.find("fraud-detector", model_id=wanted.model_id),
    ):
        assert found is not None
        assert found.version == "2"
    assert hands.registry.find("churn", run_id=wanted.run_id) is None
    assert hands.registry.find("nothing", model_id="m-1") is None
    assert hands.registry.find("fraud-detector", run_id="' or name='churn") is None


def test_models(hands: Hands) -> None:
    assert hands.registry.models() == ["churn", "fraud-detector"]


@pytest.mark.parametrize("version", ["99", "0", "latest", "", "-1", "1.0", "9" * 40, "²", "1 "])
def test_an_unknown_version_names_the_newest(hands: Hands, version: str) -> None:
    with pytest.raises(Refused) as refused:
        hands.registry.version("fraud-detector", version)
    assert refused.value.reason == Reason.UNKNOWN_VERSION
    assert "3" in (refused.value.unblock or "")


@pytest.mark.parametrize("model", ["fraud-detecto", "<!channel>", "../../etc", "a b", "x'y", 'x"y', "", "ä" * 300])
def test_an_unknown_model_is_refused(hands: Hands, model: str) -> None:
    calls = (
        lambda: hands.registry.version(model, "1"),
        lambda: hands.registry.by_alias(model, "champion"),
        lambda: hands.registry.versions(model),
    )
    for call in calls:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason == Reason.UNKNOWN_MODEL


def test_the_nearest_model_is_named(hands: Hands) -> None:
    with pytest.raises(Refused) as refused:
        hands.registry.version("fraud-detecter", "1")
    assert refused.value.unblock == "Did you mean fraud-detector?"


def test_an_unknown_alias_names_those_there_are(hands: Hands) -> None:
    for alias in ("challenger", "", "latest", "a b"):
        with pytest.raises(Refused) as refused:
            hands.registry.by_alias("fraud-detector", alias)
        assert refused.value.reason == Reason.UNKNOWN_ALIAS
        assert "@champion" in (refused.value.unblock or "")


def test_a_signature(hands: Hands) -> None:
    told = Signature((Column("age", "long"), Column("city", "string", required=False)), (Column("", "double"),))
    number = hands.sign("churn", told).version
    assert hands.registry.version("churn", str(number)).signature == told
    assert hands.registry.version("churn", "1").signature is None


def test_an_alias_is_set_and_moved_and_setting_it_again_changes_nothing(hands: Hands) -> None:
    for version in ("3", "3", "1"):
        hands.registry.set_alias("fraud-detector", "live-production", version)
        assert hands.registry.by_alias("fraud-detector", "live-production").version == version
    assert hands.registry.version("fraud-detector", "3").aliases == ()
    assert hands.registry.version("fraud-detector", "2").aliases == ("champion",)


def test_tags_are_added_and_others_stay(hands: Hands) -> None:
    tags = {"slackops.production.change": "01J", "slackops.production.commit": "c" * 40}
    for _ in range(2):
        hands.registry.set_tags("fraud-detector", "2", tags)
        assert hands.registry.version("fraud-detector", "2").tags == {"stage": "t2", **tags}
    hands.registry.set_tags("fraud-detector", "2", {"slackops.production.change": "01K"})
    assert hands.registry.version("fraud-detector", "2").tags["slackops.production.change"] == "01K"
    assert hands.registry.version("fraud-detector", "3").tags == {"stage": "t3"}


@pytest.mark.parametrize(
    ("model", "version", "reason"),
    [
        ("fraud-detector", "99", Reason.UNKNOWN_VERSION),
        ("fraud-detector", "latest", Reason.UNKNOWN_VERSION),
        ("nothing", "1", Reason.UNKNOWN_MODEL),
        ("x'y", "1", Reason.UNKNOWN_MODEL),
    ],
)
def test_what_is_not_there_gets_no_alias_and_no_tags(hands: Hands, model: str, version: str, reason: Reason) -> None:
    writes: list[Callable[[], None]] = [
        lambda: hands.registry.set_alias(model, "live", version),
        lambda: hands.registry.set_tags(model, version, {"a": "b"}),
    ]
    for write in writes:
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.reason == reason


@pytest.mark.parametrize("alias", ["latest", "Latest", "v42", "a b", "a/b", "<!channel>", ""])
def test_a_name_that_can_be_no_alias_is_refused(hands: Hands, alias: str) -> None:
    with pytest.raises(Refused) as refused:
        hands.registry.set_alias("fraud-detector", alias, "1")
    assert refused.value.reason == Reason.INVALID_NAME
    assert hands.registry.version("fraud-detector", "1").aliases == ()


@pytest.mark.parametrize("key", ["", "a\nb", "<x>", "../a", "/a", "ä" * 300])
def test_a_name_that_can_be_no_tag_is_refused(hands: Hands, key: str) -> None:
    with pytest.raises(Refused) as refused:
        hands.registry.set_tags("fraud-detector", "1", {key: "x"})
    assert refused.value.reason == Reason.INVALID_NAME


def test_nothing_is_written_beside_the_store(hands: Hands, tmp_path: Path) -> None:
    hands.registry.versions("fraud-detector")
    assert not {"mlflow.db", "mlruns"} & {path.name for path in Path.cwd().iterdir()}
