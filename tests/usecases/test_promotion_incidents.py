"""A promotion while an incident is open: warned, blocked, or with one more approval; and never a rollback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import ChangeCard
from bot.domain.commands import Origin, Promote, Reconcile, Rollback
from bot.domain.drifting.incidents import IncidentState
from bot.domain.gating.promotions import NAME
from bot.domain.retraining import Retraining, RetrainState
from bot.usecases.dispatch import Dispatcher
from bot.usecases.incidents import OpenIncidents
from tests.usecases.incident_rig import ANA, NOW, RULES, IncidentRig, incident

ORIGIN = Origin(channel="C0DEPLOYS")


def a_rig(promotions: str) -> IncidentRig:
    rig = IncidentRig()
    rules = RULES + f"drift: {{incident: {{promotions: {promotions}}}}}\n"
    rig.checkout.change("main", {".slackops.yaml": rules.encode()}, "Rules")
    rig.checkout.fetch()
    rig.ctx = replace(rig.ctx, incidents=OpenIncidents(rig.ctx.signals, rig.log))
    rig.dispatcher = Dispatcher(rig.ctx)
    return rig


def shown(rig: IncidentRig) -> ChangeCard:
    [card] = [sent.message for sent in rig.chat.sent if isinstance(sent.message, ChangeCard)]
    return card


def promote(rig: IncidentRig) -> ChangeCard:
    rig.put(Promote(by=ANA, origin=ORIGIN, model="fraud", version="42", environment="production"), "promote")
    return shown(rig)


def gates(card: ChangeCard) -> list[tuple[str, bool, str]]:
    return [(one.name, one.holds_up, one.required) for one in card.gates if one.name == NAME]


@pytest.mark.parametrize(
    ("promotions", "merges", "required", "gate"),
    [
        ("warn", True, 0, [(NAME, False, "no incident open")]),
        ("block", False, 0, [(NAME, True, "no incident open")]),
        ("quorum", False, 1, [(NAME, False, "no incident open, else 1 more approval")]),
        ("ignore", True, 0, []),
    ],
)
def test_while_one_is_open(promotions: str, merges: bool, required: int, gate: list[object]) -> None:
    rig = a_rig(promotions)
    rig.keeps(incident())
    card = promote(rig)
    assert (gates(card), card.required) == (gate, required)
    assert rig.ctx.forge.pull(card.number).merged is merges


@pytest.mark.parametrize("promotions", ["block", "quorum"])
def test_nothing_is_shown_of_what_is_not_open_there(promotions: str) -> None:
    rig = a_rig(promotions)
    rig.keeps(incident(state=IncidentState.RESOLVED, resolved=NOW), incident("01B", environment="staging"))
    card = promote(rig)
    assert (gates(card), card.required) == ([], 0)


@pytest.mark.parametrize("promotions", ["block", "quorum"])
def test_what_ends_lets_the_promotion_go_on(promotions: str) -> None:
    rig = a_rig(promotions)
    rig.keeps(incident())
    card = promote(rig)
    rig.keeps(rig.known().model_copy(update={"state": IncidentState.RESOLVED, "resolved": NOW, "ended": "x"}))
    rig.put(Reconcile(number=card.number), "again")
    assert (gates(shown(rig)), rig.ctx.forge.pull(card.number).merged) == ([], True)


@pytest.mark.parametrize("promotions", ["block", "quorum"])
def test_a_version_that_came_of_a_retraining_is_not_held_up(promotions: str) -> None:
    rig = a_rig(promotions)
    rig.keeps(incident())
    done = Retraining(
        id="01R", model="fraud", environment="production", state=RetrainState.SUCCEEDED, by=ANA, reason=None,
        asked=NOW, incident="01A", version="42",
    )  # fmt: skip
    rig.retrains.save(done)
    card = promote(rig)
    assert (gates(card), card.required) == ([], 0)


@pytest.mark.parametrize("promotions", ["block", "quorum"])
def test_going_back_is_never_held_up(promotions: str) -> None:
    rig = a_rig(promotions)
    rig.keeps(incident())
    rig.put(Rollback(by=ANA, origin=ORIGIN, model="fraud", environment="production"), "back")
    card = shown(rig)
    assert (gates(card), card.to) == ([], "40")
    assert card.required == 1  # as the policy's `rollback` says, and no more
