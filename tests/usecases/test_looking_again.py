"""Which open changes the clock looks at again: those that wait for what nobody tells of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import PlanCard
from bot.domain.commands import Promote, Rollback
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, OpenIncident, judge
from bot.domain.gating.facts import Answer
from bot.domain.gating.outcome import TURNS_SECONDS
from bot.domain.policy import ArtifactGate, BranchGate, Gate, HttpGate, IncidentGate, TagGate
from bot.usecases.dispatch import Dispatcher
from bot.usecases.looking_again import IN_A_WHILE_SECONDS, look_again_later
from tests.domain.facts import seen
from tests.domain.gating.given import version
from tests.fakes.gates import FakeGateCalls
from tests.usecases.chain_rig import POLICY, STAGING, chain_rig, move
from tests.usecases.stop_rig import NOW, Rig

HTTP = HttpGate("fair", "https://gates.example/fair", 10.0, "block", "merge")
BRANCH = BranchGate("main", "main", "acme/fraud", "block", "merge")
THERE = ArtifactGate("artifact", False, None, "block", "merge")
TAG = TagGate("risk", "risk", ("low",), "block", "merge")
CALM = IncidentGate("calm", "any", "block", "merge")
OPEN = (OpenIncident("drift", "null rate", 5.0),)


@pytest.mark.parametrize(
    ("gate", "facts", "after"),
    [
        pytest.param(HTTP, {"answers": {"fair": Answer("fail", "gap")}}, TURNS_SECONDS, id="a service says no"),
        pytest.param(HTTP, {"answers": {"fair": Answer("unknown", "")}}, IN_A_WHILE_SECONDS, id="no service answers"),
        pytest.param(HTTP, {"answers": {"fair": Answer("pass", "")}}, None, id="a service says yes"),
        pytest.param(CALM, {"incidents": OPEN}, TURNS_SECONDS, id="an incident"),
        pytest.param(BRANCH, {"on_branch": {("acme/fraud", "main"): False}}, TURNS_SECONDS, id="not merged yet"),
        pytest.param(THERE, {"artifact": False}, TURNS_SECONDS, id="nothing stored"),
        pytest.param(TAG, {}, None, id="a tag, of which the registry tells"),
    ],
)
def test_it_is_looked_at_again(gate: Gate, facts: dict[str, Any], after: float | None) -> None:
    rig = Rig()
    look = _seen(*judge([gate], GateFacts(NOW, version(), None, **facts)))
    look_again_later(rig.ctx, look)
    look_again_later(rig.ctx, look)
    assert rig.to_reconcile() == []
    rig.clock.tick((after or 0.0) + 0.1)
    assert len(rig.to_reconcile()) == (0 if after is None else 1)


def test_again_and_again_while_it_says_no() -> None:
    rig = Rig()
    no = judge([HTTP], GateFacts(NOW, version(), None, answers={"fair": Answer("fail", "gap")}))
    for _ in range(3):
        look_again_later(rig.ctx, replace(_seen(*no), now=rig.clock.now()))
        rig.clock.tick(TURNS_SECONDS)
        assert len(rig.to_reconcile()) == 1


def test_what_is_waived_or_only_warns_is_not() -> None:
    rig = Rig()
    (no,) = judge([HTTP], GateFacts(NOW, version(), None, answers={"fair": Answer("fail", "gap")}))
    look_again_later(rig.ctx, _seen(replace(no, waived="ana: known"), replace(no, blocks=False)))
    rig.clock.tick(2 * TURNS_SECONDS)
    assert rig.to_reconcile() == []


def test_an_incident_keeps_it_waiting_and_fails_nothing() -> None:
    """It ends without anybody's change to the model: the status waits, and nobody is told to mend anything."""
    look = _seen(*judge([CALM], GateFacts(NOW, version(), None, incidents=OPEN)))
    assert (look.stuck[0].state, look.stuck[0].waits, look.failed) == (GateState.FAIL, True, ())


def _seen(*gates: GateResult) -> Any:
    return replace(seen(), gates=gates, now=NOW)


def test_a_rollback_asks_no_service_and_a_promotion_does() -> None:
    """One that hangs would keep back who goes back in a hurry."""
    rules = 'staging: {gates: [{http: "https://gates.example/fair", name: fair}]}'
    rig, calls = chain_rig(POLICY.replace("staging: {}", rules)), FakeGateCalls()
    rig.ctx = replace(rig.ctx, gate_calls=calls)
    rig.dispatcher = Dispatcher(rig.ctx)
    move(rig, STAGING, "41")
    rig.ask(Rollback, "r1", model="fraud", environment="staging", plan=True)
    assert [(gate.name, gate.observed, gate.blocks) for gate in _plan(rig).gates] == [
        ("fair", "nobody was asked", False)
    ]
    assert calls.told == []
    rig.ask(Promote, "p1", model="fraud", version="42", environment="staging", plan=True)
    assert [gate.blocks for gate in _plan(rig).gates] == [True]
    assert len(calls.told) == 1


def _plan(rig: Rig) -> PlanCard:
    told = rig.whispered()
    assert isinstance(told, PlanCard), told
    return told
