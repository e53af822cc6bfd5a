"""The contract of engines that train: all four begin once, are found again, and tell how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.github import TokenCredentials
from bot.adapters.retraining import AirflowRetrainer, GitHubRetrainer, KubeflowRetrainer, WebhookRetrainer
from bot.domain.people import Person
from bot.domain.retraining import EngineOfTraining, Retraining, RetrainRule, RetrainState, Started
from bot.errors import Reason, Refused, Transient
from bot.ports import Retrainer
from tests.support.training import AirflowWorld, KubeflowWorld, WebhookWorld, World, serving
from tests.support.training_github import GitHubWorld

ASKED = datetime(2026, 11, 21, 10, tzinfo=UTC).timestamp()
SECRETS = {"SLACKOPS_RETRAIN_X": "token"}
WHERE: dict[EngineOfTraining, dict[str, str]] = {
    "github": {"repo": "acme/fraud", "workflow": "train.yml"},
    "airflow": {"url": "{url}", "dag": "train_fraud"},
    "kubeflow": {"url": "{url}/", "pipeline": "p1", "version": "v1", "experiment": "e1"},
    "webhook": {"url": "{url}/train"},
}


def retraining(ident: str = "01JD0000000000000000000001", **more: Any) -> Retraining:
    known = {"model": "fraud", "environment": "production", "state": RetrainState.ASKED, "reason": "it drifts"}
    return Retraining(id=ident, by=Person(team="T1", user="U1"), asked=ASKED, serving="41", **(known | more))


@dataclass
class Engine:
    """An adapter, the server that it talks to, and a rule."""

    name: EngineOfTraining
    port: Retrainer
    world: World
    rule: RetrainRule

    def follows(self, one: Retraining, told: Started) -> Retraining:
        """What the bot writes down of it."""
        return one.model_copy(update={"run": told.run, "url": told.url, "status": told.status, "tried": ASKED})


def build(name: EngineOfTraining, world: World) -> Engine:
    get = SECRETS.get
    ports: dict[EngineOfTraining, Retrainer] = {
        "github": GitHubRetrainer(TokenCredentials("t"), world.url, login=lambda: "slackops[bot]"),
        "airflow": AirflowRetrainer(get),
        "kubeflow": KubeflowRetrainer(get),
        "webhook": WebhookRetrainer(get, lambda: ASKED),
    }
    where = {key: text.replace("{url}", world.url) for key, text in WHERE[name].items()}
    secret = "" if name == "github" else "SLACKOPS_RETRAIN_X"
    return Engine(name, ports[name], world, RetrainRule(name, where, {"why": "{reason}"}, secret))


WORLDS: dict[EngineOfTraining, type[World]] = {
    "github": GitHubWorld,
    "airflow": AirflowWorld,
    "kubeflow": KubeflowWorld,
    "webhook": WebhookWorld,
}


@pytest.fixture(params=list(WORLDS))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with serving(WORLDS[request.param]()) as world:
        yield build(request.param, world)


def test_begins_once_with_the_filled_inputs(engine: Engine) -> None:
    told = engine.port.start(engine.rule, retraining())
    assert (told.state, list(engine.world.runs)) == (RetrainState.RUNNING, [told.run])
    assert told.url.startswith("http")
    [sent] = [one.body for one in engine.world.seen if one.verb == "POST" and b"it drifts" in one.body]
    assert b"{reason}" not in sent


def test_nothing_is_found_before_it_began(engine: Engine) -> None:
    assert engine.port.find(engine.rule, retraining(tried=ASKED)) is None


@pytest.mark.parametrize(("good", "state"), [(True, RetrainState.SUCCEEDED), (False, RetrainState.FAILED)])
def test_tells_how_it_goes(engine: Engine, good: bool, state: RetrainState) -> None:
    told = engine.port.start(engine.rule, retraining())
    one = engine.follows(retraining(), told)
    assert engine.port.look(engine.rule, one).state is RetrainState.RUNNING
    engine.world.ends(told.run, good)
    seen = engine.port.look(engine.rule, one)
    assert (seen.run, seen.state, seen.url) == (told.run, state, told.url)


def test_an_answer_that_was_lost_begins_nothing_more(engine: Engine) -> None:
    """A webhook is asked to begin again, and knows it by its id."""
    engine.world.loses = True
    with pytest.raises(Transient, match=r"\w"):
        engine.port.start(engine.rule, retraining())
    tried = retraining(tried=ASKED)
    found = engine.port.find(engine.rule, tried) or engine.port.start(engine.rule, tried)
    assert list(engine.world.runs) == [found.run]


def test_two_retrainings_are_two_runs(engine: Engine) -> None:
    one, other = retraining(), retraining("01JD0000000000000000000002")
    first, second = engine.port.start(engine.rule, one), engine.port.start(engine.rule, other)
    assert first.run != second.run
    found = engine.port.find(engine.rule, engine.follows(other, second))
    assert found is None or found.run == second.run


@pytest.mark.parametrize("status", [400, 403, 404, 302], ids=str)
def test_a_no_is_told(engine: Engine, status: int) -> None:
    engine.world.status = status
    with pytest.raises(Refused) as refused:
        engine.port.start(engine.rule, retraining())
    assert refused.value.reason is Reason.RETRAIN_REFUSED
    assert refused.value.unblock
    assert "token" not in f"{refused.value.message}"


@pytest.mark.parametrize("status", [500, 503, 429], ids=str)
def test_trouble_is_tried_again(engine: Engine, status: int) -> None:
    engine.world.status = status
    with pytest.raises(Transient):
        engine.port.start(engine.rule, retraining())


def test_nobody_there(engine: Engine) -> None:
    gone = {key: text.replace(engine.world.url, "http://127.0.0.1:1") for key, text in engine.rule.where.items()}
    port = engine.port
    if engine.name == "github":
        port = GitHubRetrainer(TokenCredentials("t"), "http://127.0.0.1:1")
    with pytest.raises(Transient):
        port.start(replace(engine.rule, where=gone), retraining())


@pytest.mark.parametrize("junk", [b"<html>", b"[]", b'"x"', b"[" * 60_000, b'{"run_id": {}, "state": 7}'], ids=range(5))
def test_nonsense_neither_begins_nor_ends_anything(engine: Engine, junk: bytes) -> None:
    engine.world.junk = junk
    one = retraining(run="101", status=f"{engine.world.url}/jobs/101", tried=ASKED)
    try:
        told = engine.port.look(engine.rule, one)
    except (Transient, Refused):
        return
    assert told.state is RetrainState.RUNNING


@pytest.mark.parametrize("junk", [b"<html>", b"[]", b"null"], ids=range(3))
@pytest.mark.parametrize("name", ["github", "airflow", "kubeflow"])
def test_nonsense_does_not_say_that_there_is_none(name: EngineOfTraining, junk: bytes) -> None:
    """Or it would be begun once more. Of a webhook nobody can tell anyway."""
    with serving(WORLDS[name]()) as world:
        world.junk = junk
        engine = build(name, world)
        with pytest.raises(Transient):
            engine.port.find(engine.rule, retraining(tried=ASKED))
