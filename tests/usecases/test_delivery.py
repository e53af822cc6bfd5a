"""Delivery numbers out of a repo and records, and what `slackops status` makes of them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from bot.cli.status import lines
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.delivery import DAY, words
from bot.errors import ForgeUnavailable
from bot.usecases.context import Context
from bot.usecases.delivery import fleet_delivery, model_delivery
from bot.usecases.names import VersionNames
from bot.usecases.planning_context import planning_context
from bot.usecases.repo import Repo
from bot.usecases.status import read_status
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.fakes.records import FakeChanges
from tests.fakes.registry import FakeRegistry
from tests.usecases.fleet_files import as_bytes

STARTED = 1_700_000_060.0  # the repo's first commit; every other comes a minute later
FILE = "models/fraud/production.yaml"


class Fixture:
    """A repo whose clock has run on for an hour, and the records of a bot."""

    def __init__(self) -> None:
        self.checkout, self.changes = FakeCheckout(as_bytes()), FakeChanges()
        self.clock = FakeClock(STARTED + 3600)
        bare = planning_context(self.checkout, FakeRegistry(), self.clock)
        self.context: Context = replace(bare, changes=self.changes, inbox=FakeInbox(self.clock))

    def pin(self, version: str, message: str = "By hand") -> str:
        return self.checkout.change("main", {FILE: f"uri: s3://models/fraud/{version}\n".encode()}, message)

    def promote(self, version: str, id_: str, action: Action = Action.PROMOTE, **more: Any) -> None:
        """A change of the bot's: its commit with trailers, and its record."""
        told = {"Change": id_, "Action": action.value, "Model": "fraud", "Environment": "production", "To": version}
        commit = self.pin(version, "\n".join(f"SlackOps-{key}: {value}" for key, value in told.items()))
        at = float(self.checkout.commits[commit].time)
        intent = Intent(action, "fraud", "production", "1", version, None, ())
        made = Change(id_, intent, (), None, at - 30, commit, id_, ChangeState.MERGED)
        self.changes.add(replace(made, **{"merged_at": at, "merge_commit": commit, **more}))

    def production(self) -> str:
        base = self.checkout.fetch()
        repo = Repo(self.checkout, VersionNames(FakeRegistry(), self.clock))
        told = model_delivery(self.context, repo, repo.policy(base), base, "fraud")
        assert [line.environment for line in told] == ["staging", "production"]
        return words(told[1])


@pytest.fixture
def world() -> Fixture:
    return Fixture()


def test_the_first_pin_is_a_deployment_by_hand(world: Fixture) -> None:
    assert world.production() == "production, 28 days: 1 deployment, 1 outside SlackOps · none failed"
    world.clock.tick(29 * DAY)
    assert world.production() == "production, 28 days: no deployments"


def test_records_and_commits_by_hand_together(world: Fixture) -> None:
    world.promote("41", "c1", healthy_at=STARTED + 90, outcome="healthy")
    world.pin("42")
    world.promote("41", "c2", Action.ROLLBACK, healthy_at=STARTED + 240, outcome="healthy")
    told = "3 deployments, 2 outside SlackOps · lead time 1 min · 1 of 3 failed · restored in 2 min"
    assert world.production() == f"production, 28 days: {told}"


def test_git_alone_when_the_records_are_lost(world: Fixture) -> None:
    world.promote("41", "c1")
    world.promote("40", "c2", Action.ROLLBACK)
    told = "2 deployments, 1 outside SlackOps · lead time 30 s · 1 of 2 failed · restored in 1 min"
    assert world.production() == f"production, 28 days: {told}"
    world.context = replace(world.context, changes=FakeChanges())
    told = "2 deployments, 1 outside SlackOps · 1 of 2 failed · restored in 1 min"  # `c1` tells no time
    assert world.production() == f"production, 28 days: {told}"


def test_the_fleets_numbers_come_from_the_records_alone(world: Fixture) -> None:
    world.promote("41", "c1", degraded_at=STARTED + 100)
    world.pin("42")
    world.checkout.down = ForgeUnavailable("gone")
    numbers = fleet_delivery(world.changes, world.clock.now())
    assert {key: words(line) for key, line in numbers.items()} == {
        ("fraud", "production"): "production, 28 days: 1 deployment · 1 of 1 failed · not restored yet"
    }
    assert fleet_delivery(world.changes, world.clock.now() + 90 * DAY) == {}


def test_status_tells_them_in_json_and_in_text(world: Fixture) -> None:
    world.promote("41", "c1")
    one = read_status(world.context, "fraud")
    (staging, production) = json.loads(json.dumps(asdict(one)))["delivery"]
    assert (staging["environment"], staging["deployments"]) == ("staging", 1)
    assert production == {
        "model": "fraud",
        "environment": "production",
        "days": 28,
        "deployments": 2,
        "lead_time": 30.0,
        "failure_rate": 0.0,
        "time_to_restore": None,
        "outside": 1,
        "broken": False,
    }
    told = "  production, 28 days: 2 deployments, 1 outside SlackOps · lead time 30 s · none failed"
    assert told in lines(one)
    assert [(line.model, line.deployments) for line in read_status(world.context, None).delivery] == [("fraud", 1)]


def test_a_repo_that_cannot_be_read_leaves_the_records(world: Fixture) -> None:
    world.promote("41", "c1")
    world.checkout.down = ForgeUnavailable("gone")
    status = read_status(world.context, "fraud")
    assert [(line.model, line.deployments) for line in status.delivery] == [("fraud", 1)]
    assert "cannot be read" in status.note
    assert read_status(world.context, "churn").delivery == ()
