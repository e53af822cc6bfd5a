"""Workflows of GitHub Actions: old servers, workflows without the mark, and runs that are somebody else's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.adapters.github import TokenCredentials
from bot.adapters.retraining import GitHubRetrainer
from bot.domain.retraining import RetrainRule, Started
from bot.errors import Refused
from tests.contracts.test_retrainer import ASKED, retraining
from tests.support.training import serving
from tests.support.training_github import GitHubWorld

OTHER = "01JD0000000000000000000002"


@pytest.fixture
def world() -> Iterator[GitHubWorld]:
    with serving(GitHubWorld()) as found:
        assert isinstance(found, GitHubWorld)
        yield found


def rule(**inputs: Any) -> RetrainRule:
    return RetrainRule("github", {"repo": "acme/fraud", "workflow": "train.yml"}, inputs)


def start(world: GitHubWorld, rule: RetrainRule) -> Started:
    port = GitHubRetrainer(TokenCredentials("t"), world.url, login=lambda: "slackops[bot]")
    return port.start(rule, retraining(tried=ASKED))


def find(world: GitHubWorld) -> Started | None:
    port = GitHubRetrainer(TokenCredentials("t"), world.url, login=lambda: "slackops[bot]")
    return port.find(rule(), retraining(tried=ASKED))


def sent(world: GitHubWorld) -> list[dict[str, Any]]:
    return [one.json for one in world.seen if one.verb == "POST"]


def test_texts_alone_on_the_default_branch(world: GitHubWorld) -> None:
    world.takes |= {"lr", "deep", "n"}
    start(world, rule(lr=0.1, deep=True, n=3, why="{reason} {model} {version}"))
    [body] = sent(world)
    assert body["ref"] == "main"
    assert body["inputs"] == {
        "slackops_retrain": retraining().id,
        "lr": "0.1",
        "deep": "true",
        "n": "3",
        "why": "it drifts fraud 41",
    }


def test_a_ref_of_its_own(world: GitHubWorld) -> None:
    where = {"repo": "acme/fraud", "workflow": "train.yml", "ref": "stable"}
    start(world, RetrainRule("github", where))
    assert [body["ref"] for body in sent(world)] == ["stable"]


@pytest.mark.parametrize(
    ("old", "takes", "posts", "run"),
    [
        (False, {"slackops_retrain"}, 1, "101"),
        (True, {"slackops_retrain"}, 2, ""),
        (False, set[str](), 2, "101"),
        (True, set[str](), 3, ""),
    ],
    ids=["new", "old server", "no mark", "old server, no mark"],
)
def test_what_only_helps_to_find_it_is_left_out(
    world: GitHubWorld, old: bool, takes: set[str], posts: int, run: str
) -> None:
    world.old, world.takes = old, takes
    told = start(world, rule())
    assert (told.run, len(sent(world)), len(world.runs)) == (run, posts, 1)
    found = find(world)
    assert found is not None and found.run == "101"


def test_other_inputs_that_it_does_not_take_are_told(world: GitHubWorld) -> None:
    with pytest.raises(Refused, match=r"Unexpected inputs provided: \['nope'\]"):
        start(world, rule(nope="x"))
    assert not world.runs


def by_mark(world: GitHubWorld) -> None:
    world.begin()
    world.begin(retraining().id)


def foreign_mark(world: GitHubWorld) -> None:
    world.begin(OTHER)


def by_another(world: GitHubWorld) -> None:
    world.begin(actor="ana")


def alone(world: GitHubWorld) -> None:
    world.begin(actor="ana")
    world.begin(OTHER)
    world.begin()


def two(world: GitHubWorld) -> None:
    world.begin()
    world.begin()


def before(world: GitHubWorld) -> None:
    world.at = "2026-11-21T09:00:00Z"
    world.begin(retraining().id)


@pytest.mark.parametrize(
    ("play", "run"),
    [(by_mark, "102"), (foreign_mark, None), (by_another, None), (alone, "103"), (two, None), (before, None)],
    ids=lambda one: one.__name__ if callable(one) else str(one),
)
def test_which_run_is_meant(world: GitHubWorld, play: Callable[[GitHubWorld], None], run: str | None) -> None:
    play(world)
    found = find(world)
    assert (found.run if found else None) == run


def test_a_workflow_that_is_not_there(world: GitHubWorld) -> None:
    with pytest.raises(Refused) as refused:
        start(world, RetrainRule("github", {"repo": "acme/fraud", "workflow": "other.yml"}))
    assert "other.yml of acme/fraud" in refused.value.message
    assert "--with actions" in (refused.value.unblock or "")


def test_what_people_write_stays_in_the_body(world: GitHubWorld) -> None:
    world.takes |= {"why"}
    port = GitHubRetrainer(TokenCredentials("t"), world.url)
    port.start(rule(why="{reason}"), retraining(reason="{model} $(rm -rf) ${{ x }} \ud800"))
    assert json.loads(world.seen[-1].body)["inputs"]["why"] == "{model} $(rm -rf) ${{ x }} ?"
