"""Engines that are asked by HTTP: who asks, where a secret goes, and answers that are no answers."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.adapters.retraining import AirflowRetrainer
from bot.adapters.retraining.http import MOST_BYTES, ask
from bot.domain.retraining import RetrainState
from bot.errors import Refused, Transient
from tests.contracts.test_retrainer import ASKED, build, retraining
from tests.support.training import AirflowWorld, KubeflowWorld, WebhookWorld, World, serving


@pytest.mark.parametrize(
    ("api", "secret", "header"),
    [
        ("v2", "token", "Bearer token"),
        ("v1", "token", "Bearer token"),
        ("v2", "bot:pw:1", "Bearer jwt"),
        ("v1", "bot:pw:1", "Basic Ym90OnB3OjE="),
    ],
)
def test_who_asks_airflow(api: str, secret: str, header: str) -> None:
    world = AirflowWorld()
    world.api = api
    with serving(world):
        engine = build("airflow", world)
        AirflowRetrainer({"SLACKOPS_RETRAIN_X": secret}.get).start(engine.rule, retraining())
    assert world.seen[-1].headers["authorization"] == header
    assert world.seen[-1].path == f"/api/{api}/dags/train_fraud/dagRuns"
    assert world.seen[-1].json["conf"] == {"why": "it drifts"}
    assert ("logical_date" in world.seen[-1].json) == (api == "v2")


def test_a_wrong_password_is_told() -> None:
    world = AirflowWorld()
    with serving(world), pytest.raises(Refused, match="Invalid credentials") as refused:
        engine = build("airflow", world)
        AirflowRetrainer({"SLACKOPS_RETRAIN_X": "bot:wrong"}.get).start(engine.rule, retraining())
    assert "wrong" not in str(refused.value)


def test_a_dag_that_was_triggered_before_is_found() -> None:
    world = AirflowWorld()
    with serving(world):
        engine = build("airflow", world)
        first = engine.port.start(engine.rule, retraining())
        world.ends(first.run, good=True)
        again = engine.port.start(engine.rule, retraining())
    assert (again.run, again.state, len(world.runs)) == (first.run, RetrainState.SUCCEEDED, 1)


@pytest.mark.parametrize("name", ["airflow", "kubeflow", "webhook"])
def test_a_secret_that_is_not_set_is_named(name: str) -> None:
    worlds: dict[str, type[World]] = {"airflow": AirflowWorld, "kubeflow": KubeflowWorld, "webhook": WebhookWorld}
    with serving(worlds[name]()) as world:
        engine = build(name, world)  # type: ignore[arg-type]
        missing = replace(engine.rule, secret="SLACKOPS_RETRAIN_Y")
        with pytest.raises(Refused, match="SLACKOPS_RETRAIN_Y is not set"):
            engine.port.start(missing, retraining())
    assert not world.runs


def signed(text: bytes) -> str:
    return f"t={ASKED:.0f},v1={hmac.new(b'token', b'%d.' % ASKED + text, hashlib.sha256).hexdigest()}"


def test_a_webhook_is_signed_and_named() -> None:
    with serving(WebhookWorld()) as world:
        engine = build("webhook", world)
        told = engine.port.start(engine.rule, retraining(incident="01I", to="staging"))
        seen = engine.port.look(engine.rule, engine.follows(retraining(), told))
    post, get = world.seen
    assert post.headers["x-slackops-signature"] == signed(post.body)
    assert post.headers["idempotency-key"] == f"slackops-{retraining().id}"
    assert get.headers["x-slackops-signature"] == signed(f"{world.url}{get.path}".encode())
    assert seen.state is RetrainState.RUNNING
    assert post.json == {
        "v": 1,
        "retrain": retraining().id,
        "model": "fraud",
        "environment": "production",
        "version": "41",
        "reason": "it drifts",
        "incident": "01I",
        "to": "staging",
        "by": "slack:T1/U1",
        "inputs": {"why": "it drifts"},
    }


@pytest.mark.parametrize(
    "elsewhere", ["http://127.0.0.1:1/x", "https://{host}/x", "http://u:p@{host}/x", "file:///etc/passwd", "http://["]
)
def test_a_signature_is_carried_nowhere_else(elsewhere: str) -> None:
    with serving(WebhookWorld()) as world:
        engine = build("webhook", world)
        address = elsewhere.replace("{host}", world.url.removeprefix("http://"))
        world.runs[f"job-{retraining().id}"] = {"run": "j", "state": "running", "status_url": address}
        told = engine.port.start(engine.rule, retraining())
        seen = engine.port.look(engine.rule, engine.follows(retraining(), told))
    assert (told.status, seen.state, len(world.seen)) == ("", RetrainState.RUNNING, 1)


def test_a_webhook_names_the_version() -> None:
    with serving(WebhookWorld()) as world:
        engine = build("webhook", world)
        told = engine.port.start(engine.rule, retraining())
        world.ends(told.run, good=True)
        assert engine.port.look(engine.rule, engine.follows(retraining(), told)).version == "43"


def test_a_run_that_failed_says_why() -> None:
    with serving(KubeflowWorld()) as world:
        engine = build("kubeflow", world)
        told = engine.port.start(engine.rule, retraining())
        world.ends(told.run, good=False)
        seen = engine.port.look(engine.rule, engine.follows(retraining(), told))
    assert (seen.state, seen.message, seen.url) == (RetrainState.FAILED, "OOM", f"{world.url}/#/runs/details/uuid-1")


@contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """Answers with these bytes, and then with nothing more for as long as it is asked."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(first)
                over.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join()


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"], ids=range(3)
)
def test_what_never_ends_is_left(first: bytes) -> None:
    with dripping(first) as url, pytest.raises(Transient, match=r"no answer within 0\.2 s"):
        ask("Ask", "GET", url, seconds=0.2)


def test_what_is_too_long_is_left() -> None:
    with serving(WebhookWorld()) as world:
        world.junk = b"x" * (MOST_BYTES + 1)
        with pytest.raises(Transient, match="longer than 1024 KiB"):
            ask("Ask", "GET", world.url)
