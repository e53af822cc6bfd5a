"""Who may approve while Slack does not tell who is in a group."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.approvals import Askers, SeenReview, tally
from bot.domain.change import Action, Change, Intent
from bot.domain.facts import Verdict
from bot.domain.people import Person
from bot.domain.policy import parse_policy
from bot.errors import ChatUnavailable
from bot.usecases.identity import approval_rule
from tests.fakes.forge import FakeForge

ANA = Person(team="T1", user="UANA")
POLICY = b"""
environments:
  production: {approvals: {required: 1, from: ["slack:@leads", "github:ben"]}}
"""


class Silent:
    """A Slack that does not answer about groups."""

    def team(self) -> str:
        return "T1"

    def user_group(self, group_id: str) -> frozenset[str]:
        raise ChatUnavailable(f"nobody tells who is in {group_id}")


def change(*, swift: bool) -> Change:
    intent = Intent(Action.ROLLBACK, "m", "production", "2", "1", None, ())
    return Change("01J", intent, (ANA,), None, 0.0, "b", "slackops/x", swift=swift)


def rule(*, swift: bool) -> Any:
    environment = parse_policy({".slackops.yaml": POLICY}).environment("production")
    ctx: Any = SimpleNamespace(chat=Silent(), forge=FakeForge())
    return approval_rule(ctx, environment, change(swift=swift))


def test_a_promotion_waits_for_slack() -> None:
    with pytest.raises(ChatUnavailable):
        rule(swift=False)


def test_going_back_does_not() -> None:
    found = rule(swift=True)
    assert found.logins == {"ben"}
    review = SeenReview("ana", ANA, Verdict.APPROVED, same_change=True, may_write=True)
    assert tally([review], found, Askers((ANA,), ("ana",))).complete


def test_but_whoever_may_write_may_object_meanwhile() -> None:
    kim = SeenReview("kim", None, Verdict.CHANGES_REQUESTED, same_change=True, may_write=True)
    ana = SeenReview("ana", ANA, Verdict.APPROVED, same_change=True, may_write=True)
    assert tally([ana, kim], rule(swift=True), Askers((ANA,), ("ana",))).objections == ("kim",)
