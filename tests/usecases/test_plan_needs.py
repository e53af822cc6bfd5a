"""What a plan would wait for: resolved people where they can be asked for, else what the policy says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.domain.branch_rules import BranchRules
from bot.domain.cards import PlanCard
from bot.domain.commands import Promote
from bot.errors import ChatUnavailable
from bot.usecases.check import Directory
from bot.usecases.planned import Outcome
from bot.usecases.planning import Planner
from tests.fakes.chat import FakeChat
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.forge import FakeForge
from tests.fakes.registry import FakeRegistry
from tests.usecases.fleet_files import POLICY, as_bytes
from tests.usecases.stop_rig import Rig

NIGHT = datetime(2026, 1, 7, 20, tzinfo=UTC).timestamp()
HOURS = POLICY.replace("    rollback: {approvals: 1}", '    windows: [{allow: "Mon-Fri 09:00-16:00"}]', 1)
OWNED = {"_github__CODEOWNERS": "models/ @acme/owners @kim\n"}


@dataclass
class World:
    """Who can be asked."""

    chat: FakeChat
    forge: FakeForge

    def plan(self, version: str = "42", **files: str) -> Outcome:
        """`plan promote fraud VERSION production`, with Slack and GitHub at hand."""
        checkout = FakeCheckout(as_bytes(_slackops_yaml=HOURS, **files))
        registry = FakeRegistry()
        for number in range(42):
            registry.add("fraud", metrics={"roc_auc": 0.95 if number else 0.9})
        return Planner(checkout, registry, FakeClock(NIGHT), {}, Directory(self.chat, self.forge)).promote(
            "fraud", version, "production"
        )


@pytest.fixture
def world() -> World:
    chat = FakeChat(FakeClock(NIGHT), [], {"S0LEADS": frozenset({"U0CHLOE"}), "@ml-leads": frozenset({"U0CHLOE"})})
    return World(chat, FakeForge(teams={"acme/ml-leads": {"dan"}, "acme/owners": {"kim"}}))


def test_people_are_named_and_so_is_what_holds_it_up(world: World) -> None:
    found = world.plan()
    assert found.proposed, found
    assert found.as_json()["approvals"] == {"required": 2, "eligible": ["slack:U0CHLOE", "github:dan", "slack:U0BEN"]}
    assert found.as_json()["next_window"] == "2026-01-08T09:00:00Z"
    held, wanted = found.wants
    assert held.startswith("Held up by check ci/*: no commit yet")
    assert "2 more of" in wanted
    assert "dan" in wanted


def test_a_group_that_nobody_is_in_is_named_itself(world: World) -> None:
    world.forge.teams.clear()
    assert "github:acme/ml-leads" in world.plan().eligible


def test_while_slack_is_silent_the_policy_speaks(world: World) -> None:
    world.chat.fails = ChatUnavailable("Slack is away.")
    found = world.plan()
    assert found.required == 2
    assert found.eligible == ("slack:S0LEADS", "slack:@ml-leads", "github:acme/ml-leads", "slack:U0BEN")


def test_what_the_forge_wants_itself_is_said(world: World) -> None:
    world.forge.branch_rules = BranchRules(reviews=3, code_owners=True)
    found = world.plan(**OWNED)
    assert found.required == 3
    (forge,) = (want for want in found.wants if want.startswith("The forge itself wants"))
    assert "3 reviews by people with write access" in forge
    assert "a code owner: @acme/owners or @kim" in forge


def test_in_slack_the_card_says_the_same() -> None:
    rig = Rig()
    rig.registry.add("fraud", metrics={"roc_auc": 0.95})
    rig.ask(Promote, model="fraud", version="43", environment="production", plan=True)
    card = rig.whispered()
    assert isinstance(card, PlanCard)
    assert card.title == "Would propose: fraud 40→43, production", card
    assert any(want.startswith("Wanted: 2 more of") for want in card.wants)
