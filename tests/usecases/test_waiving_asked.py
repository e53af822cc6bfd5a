"""`/promote … --waive GATE --reason TEXT`, and the refusal that says who could waive."""

from __future__ import annotations

import pytest

from bot.domain.cards import Refusal
from bot.domain.commands import Promote
from bot.domain.people import Person
from tests.attacks.deeds import asked, clicks, merged, status, written
from tests.usecases.test_waiving import BAD, GATE, RULES, again, said
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL
from tests.usecases.trust_machine_world import ANA, BEN, CHLOE, World


@pytest.fixture
def world() -> World:
    made = World()
    made.push_policy(RULES)
    return made


def test_asked_with_the_promotion(world: World) -> None:
    row = world.by(
        ANA, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=(GATE,), reason="the drift is known"
    )
    world.work()
    change = world.changes.get(row)
    assert change is not None
    assert [(one.gate, one.by) for one in change.waivers] == [(GATE, ANA)]
    assert status(world, change.number or 0, "slackops/gates") == "success"
    assert not merged(world)
    assert [row.by for row in written(world, "waived")] == [str(ANA)]
    clicks(world, BEN, change)
    assert merged(world)


@pytest.mark.parametrize(
    ("by", "gate", "reason", "code"),
    [
        pytest.param(CHLOE, GATE, "why not", "not_allowed", id="not-in-the-role"),
        pytest.param(ANA, "nothing", "why not", "unknown_gate", id="a-forged-gate"),
        pytest.param(ANA, GATE, None, "bad_usage", id="no-reason"),
    ],
)
def test_asked_with_it_and_refused(world: World, by: Person, gate: str, reason: str | None, code: str) -> None:
    world.by(by, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=(gate,), reason=reason)
    world.work()
    assert said(world, by) == code
    assert world.changes.all_open() == []


def test_asked_with_it_of_a_gate_that_passes_there_is_no_waiver(world: World) -> None:
    row = world.by(ANA, Promote, model=MODEL, version="4", environment=ENVIRONMENT, waive=(GATE,), reason="to be sure")
    world.work()
    change = world.changes.get(row)
    assert change is not None
    assert change.waivers == ()


def test_asked_with_it_for_a_change_that_is_open_the_rules_of_open_changes_hold(world: World) -> None:
    change = asked(world, by=CHLOE, version=BAD)
    world.by(ANA, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=(GATE,), reason="I want it")
    world.work()
    assert said(world, ANA) == "own_change"
    assert again(world, change).waivers == ()


def test_a_refusal_at_propose_names_who_could_waive(world: World) -> None:
    text = world.rules.text().replace(b"threshold: 0.9}", b"threshold: 0.9, at: propose}")
    world.checkout.change("main", {".slackops.yaml": text}, "Policy", author="kim")
    world.by(CHLOE, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT)
    world.work()
    last = world.chat.whispers[-1].message
    assert isinstance(last, Refusal)
    assert last.reason == "gate_failed"
    way = "`/promote … --waive roc_auc --reason TEXT`"
    assert last.unblock == f"Train again, or ask slack:U0ANA or slack:U0BEN or slack:U0EVE to waive: {way}."
    row = world.by(ANA, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=(GATE,), reason="known")
    world.work()
    assert world.changes.get(row) is not None
