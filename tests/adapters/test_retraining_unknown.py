"""Engines that do not tell: what a proxy says for them, and a run of which nobody knows whether it began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.adapters.retraining import AirflowRetrainer
from bot.domain.retraining import EngineOfTraining, RetrainState
from bot.errors import Refused, Transient
from tests.contracts.test_retrainer import ASKED, WORLDS, build, retraining
from tests.support.training import AirflowWorld, Reply, Request, World, serving
from tests.support.training_github import GitHubWorld

LOST = retraining(tried=ASKED, unsure="the token is over")


def fronted(world: World, says: Callable[[Request], Reply | None]) -> World:
    """A proxy before the engine."""
    route = world.route
    world.route = lambda asked: says(asked) or route(asked)  # type: ignore[method-assign]
    return world


@pytest.mark.parametrize(
    "body", [{}, "default backend - 404", {"error": "/api/v1 has been removed in Airflow 3"}], ids=str
)
@pytest.mark.parametrize("name", ["airflow", "kubeflow"])
def test_a_proxys_404_ends_nothing(name: EngineOfTraining, body: Any) -> None:
    with serving(WORLDS[name]()) as world:
        engine = build(name, world)
        told = engine.port.start(engine.rule, retraining())
        fronted(world, lambda _: (404, body))
        with pytest.raises((Transient, Refused)):
            engine.port.look(engine.rule, engine.follows(retraining(), told))


def test_a_repository_that_is_not_seen_any_more_ends_nothing() -> None:
    with serving(GitHubWorld()) as world:
        engine = build("github", world)
        told = engine.port.start(engine.rule, retraining())
        fronted(world, lambda _: (404, {"message": "Not Found"}))
        with pytest.raises(Refused, match="may not see it"):
            engine.port.look(engine.rule, engine.follows(retraining(), told))


@pytest.mark.parametrize("name", ["github", "airflow", "kubeflow"])
def test_one_that_may_have_begun(name: EngineOfTraining) -> None:
    with serving(WORLDS[name]()) as world:
        engine = build(name, world)
        assert engine.port.look(engine.rule, LOST).state is RetrainState.FAILED
        told = engine.port.start(engine.rule, LOST)
        seen = engine.port.look(engine.rule, LOST)
        assert (seen.run, seen.state) == (told.run, RetrainState.RUNNING)


def test_several_that_may_be_it_are_none_of_them() -> None:
    with serving(GitHubWorld()) as world:
        assert isinstance(world, GitHubWorld)
        world.begin()
        world.begin()
        engine = build("github", world)
        seen = engine.port.look(engine.rule, LOST)
        assert (seen.run, seen.state) == ("", RetrainState.RUNNING)


@pytest.mark.parametrize("name", ["airflow", "kubeflow", "github"])
def test_engines_say_when_it_ended(name: EngineOfTraining) -> None:
    with serving(WORLDS[name]()) as world:
        engine = build(name, world)
        told = engine.port.start(engine.rule, retraining())
        world.ends(told.run, good=True)
        names = {"airflow": "end_date", "kubeflow": "finished_at", "github": "updated_at"}
        world.runs[told.run][names[name]] = "2026-11-21T10:30:00.5Z"
        assert engine.port.look(engine.rule, engine.follows(retraining(), told)).ended == ASKED + 1800.5


@pytest.mark.parametrize(("secret", "path"), [("token", "/api/v2/version"), ("bot:pw:1", "/api/v2/version")])
def test_a_hosted_airflow_that_tells_strangers_nothing(secret: str, path: str) -> None:
    """Taken for Airflow 2, it would be asked in vain for ever."""
    world = AirflowWorld()
    fronted(world, lambda asked: None if "authorization" in asked.headers or "token" in asked.path else (403, {}))
    with serving(world):
        engine = build("airflow", world)
        told = AirflowRetrainer({"SLACKOPS_RETRAIN_X": secret}.get).start(engine.rule, retraining())
    assert (world.seen[0].path, list(world.runs)) == (path, [told.run])


@pytest.mark.parametrize("name", ["airflow", "kubeflow", "webhook"])
def test_a_secret_is_sent_to_its_own_hosts_alone(name: EngineOfTraining) -> None:
    with serving(WORLDS[name]()) as world:
        engine = build(name, world)
        bound = {"SLACKOPS_RETRAIN_X": "token", "SLACKOPS_RETRAIN_X_HOSTS": "train.example"}
        port = type(engine.port)(bound.get)  # type: ignore[call-arg]
        with pytest.raises(Refused, match="SLACKOPS_RETRAIN_X_HOSTS does not name the host"):
            port.start(engine.rule, retraining())
        assert world.seen == []
        bound["SLACKOPS_RETRAIN_X_HOSTS"] = "train.example,127.0.0.1"
        assert port.start(engine.rule, retraining()).run
