"""May it be proposed? As a table of facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import Action
from bot.domain.decide import Deployed, Facts, Join, Propose, Refuse, decide, refuse_latest
from bot.domain.gates import GateResult, GateState
from bot.errors import Reason
from tests.domain.facts import CHANGE, INTENT, version

PINNED = Deployed("pinned", "3", None, "a.yaml", 4)
FAILED = GateResult("auc", GateState.FAIL, "0.8", "at least 0.9", at="propose")
FACTS = Facts(INTENT, allowed=True, role="promote", deployed=PINNED, gates=(), open_change=None)
NOTHING = replace(INTENT, to="3", edits=())


@pytest.mark.parametrize(
    ("turned", "reason"),
    [
        ({"allowed": False}, Reason.NOT_ALLOWED),
        ({"deployed": replace(PINNED, state="unreadable")}, Reason.TARGET_UNREADABLE),
        ({"deployed": replace(PINNED, state="mixed")}, Reason.TARGET_MIXED),
        ({"intent": NOTHING}, Reason.ALREADY_DEPLOYED),
        ({"intent": NOTHING, "deployed": replace(PINNED, version=None, raw="x")}, Reason.ALREADY_DEPLOYED),
        ({"gates": (FAILED,)}, Reason.GATE_FAILED),
        ({"gates": (replace(FAILED, state=GateState.UNKNOWN),)}, Reason.GATE_FAILED),
    ],
)
def test_refused_with_a_reason_and_a_way_out(turned, reason):
    decision = decide(replace(FACTS, **turned))
    assert isinstance(decision, Refuse)
    assert decision.reason is reason
    assert decision.unblock


def test_a_gate_at_merge_does_not_stop_the_proposal():
    assert decide(replace(FACTS, gates=(replace(FAILED, at="merge"),))) == Propose(INTENT)


def test_proposed():
    assert decide(FACTS) == Propose(INTENT, supersedes=None)


def test_same_version_joins():
    assert decide(replace(FACTS, open_change=CHANGE)) == Join(CHANGE)


def test_same_version_by_another_action_supersedes():
    other = replace(CHANGE, intent=replace(INTENT, action=Action.ROLLBACK))
    assert decide(replace(FACTS, open_change=other)) == Propose(INTENT, supersedes=other)


def test_another_version_supersedes():
    other = replace(CHANGE, intent=replace(INTENT, to="5"))
    assert decide(replace(FACTS, open_change=other)) == Propose(INTENT, supersedes=other)


def test_latest_names_the_newest():
    refusal = refuse_latest("fraud", "production", [version("17")])
    assert refusal.reason is Reason.LATEST_REFUSED
    assert "17" in refusal.message
    assert "/promote fraud 17 production" in refusal.unblock
