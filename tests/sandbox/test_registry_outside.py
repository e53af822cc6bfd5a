"""The registry as the world outside uses it: versions of every kind, aliases, tags, and MLflow's signed webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.registry import Registry, Webhooks
from bot.sandbox.registry.reading import read_models
from bot.sandbox.registry.webhooks import Sent
from bot.sandbox.seed.outside import KINDS, trained
from bot.sandbox.seed.recipes import FRAUD, LINES, LOWER_IS_BETTER, NEXT
from bot.sandbox.seed.training import train
from bot.sandbox.seed.training_repo import COMMITS, commit_of, write_training

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: demo)")
URL = "http://bot.test/webhooks/mlflow"


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What the webhooks posted; the first post fails."""
    seen: list[httpx.Request] = []
    real = httpx.AsyncClient

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(503 if len(seen) == 1 else 202)

    def client(**_: Any) -> httpx.AsyncClient:
        return real(transport=httpx.MockTransport(answer))

    monkeypatch.setattr(httpx, "AsyncClient", client)
    return seen


@pytest.fixture
async def hooks() -> AsyncIterator[Webhooks]:
    found = Webhooks(URL, "mlsecret", pauses=(0.0, 0.0))
    yield found
    await found.stop()


def signature(one: Sent) -> str:
    text = f"{one.headers['X-MLflow-Delivery-Id']}.{one.headers['X-MLflow-Timestamp']}.".encode() + one.body
    return "v1," + base64.b64encode(hmac.new(b"mlsecret", text, hashlib.sha256).digest()).decode()


async def test_a_delivery_is_signed_and_tried_again_as_it_was(hooks: Webhooks, posts: list[httpx.Request]) -> None:
    one = hooks.send("model_version", "created", {"name": "ltv", "version": "6"}, at=1795220452.5)
    assert one is not None
    await hooks.drain()
    assert len(posts) == 2
    assert len({(post.headers["x-mlflow-delivery-id"], post.content) for post in posts}) == 1
    assert posts[1].headers["x-mlflow-signature"] == signature(one)
    assert posts[1].headers["x-mlflow-timestamp"] == "1795220452"
    assert json.loads(one.body) == {
        "entity": "model_version",
        "action": "created",
        "timestamp": "2026-11-21T00:20:52.500000+00:00",
        "data": {"name": "ltv", "version": "6"},
    }


async def test_what_is_held_back_is_sent_late_and_what_was_sent_can_be_sent_twice(
    hooks: Webhooks, posts: list[httpx.Request]
) -> None:
    hooks.held = True
    one = hooks.send("model_version_tag", "set", {"name": "ltv", "version": "6"})
    assert one is not None
    await hooks.drain()
    assert posts == []
    hooks.release()
    await hooks.drain()
    hooks.again(one)
    await hooks.drain()
    assert {post.headers["x-mlflow-delivery-id"] for post in posts} == {one.id}
    assert len(posts) == 3


async def test_without_an_address_nothing_is_sent() -> None:
    assert Webhooks(None, "x").send("model_version", "created", {}) is None


def test_every_line_has_a_next_version_that_is_fine_and_one_that_is_worse() -> None:
    for line in LINES:
        good, bad = (train(line, recipe).metrics[line.primary] for recipe in NEXT[line.name])
        champion = max(train(line, recipe).metrics[line.primary] for recipe in line.recipes[-2:])
        lower = line.primary in LOWER_IS_BETTER
        assert good < champion * 1.01 if lower else good > champion * 0.99, line.name
        assert bad > good * 1.01 if lower else bad < good * 0.99, line.name


def test_what_is_wrong_with_a_version_is_what_was_asked_for() -> None:
    found = {kind: trained(FRAUD, kind) for kind in KINDS}
    assert str(found["nan"].metrics["roc_auc"]) == "nan"
    assert set(found["incompatible"].features) != set(found["good"].features)
    assert found["regressed"].metrics["recall"] < found["good"].metrics["recall"]
    assert {name for name in found["good"].metrics if "." in name} == {
        f"recall_by_segment.{name}" for name in FRAUD.segments
    }


async def test_it_writes_to_mlflow_and_tells(tmp_path: Path, registry: Path, posts: list[httpx.Request]) -> None:
    shutil.copytree(registry, tmp_path / "data")
    hooks = Webhooks(URL, "mlsecret", pauses=(0.0, 0.0))
    found = Registry(tmp_path / "data", hooks, lambda model: "c0ffee" if model == "ltv" else "")
    try:
        version = await found.train("ltv", "nan")
        await found.set_alias("ltv", "challenger", version)
        await found.set_tag("ltv", version, "gate", "passed")
    finally:
        await hooks.drain()
        await found.stop()
    model = next(one for one in found.models() if one["name"] == "ltv")
    newest = model["versions"][0]
    assert (version, newest["version"], model["aliases"]["challenger"]) == ("6", "6", "6")
    assert (newest["metrics"]["rmse"], newest["tags"]["gate"], newest["tags"]["git_commit"]) == (
        "NaN",
        "passed",
        "c0ffee",
    )
    bodies = [json.loads(one.body) for one in hooks.sent]
    assert [(body["entity"], body["action"]) for body in bodies] == [
        ("model_version", "created"),
        ("model_version_alias", "created"),
        ("model_version_tag", "set"),
    ]
    assert set(bodies[0]["data"]) == {"name", "version", "source", "run_id", "tags", "description"}


@pytest.mark.parametrize(
    ("model", "alias", "version", "fault"),
    [
        ("nothing", "champion", "1", LookupError),
        ("ltv", "champion", "99", LookupError),
        ("ltv", "champion", "one", LookupError),
        ("ltv", "latest", "1", ValueError),
        ("ltv", "v1", "1", ValueError),
        ("ltv", "a b", "1", ValueError),
    ],
)
async def test_what_mlflow_would_refuse_is_refused(
    registry: Path, model: str, alias: str, version: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        await Registry(registry, Webhooks(None, "")).set_alias(model, alias, version)
    with pytest.raises((LookupError, ValueError)):
        await Registry(registry, Webhooks(None, "")).train("ltv", "perfect")


def test_where_there_is_no_registry_there_are_no_models(tmp_path: Path) -> None:
    assert read_models(tmp_path / "mlflow.db") == []
    (tmp_path / "mlflow.db").write_bytes(b"")
    assert read_models(tmp_path / "mlflow.db") == []


def test_a_seeded_version_names_the_commit_that_trained_it(tmp_path: Path) -> None:
    assert write_training(tmp_path / "a.git")
    assert not write_training(tmp_path / "a.git")
    named = [commit_of("fraud-detector", commit.version) for commit in COMMITS if commit.version]
    assert len(set(named)) == len(FRAUD.recipes)
    assert commit_of("ltv", 1) is None
