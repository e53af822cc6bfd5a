"""What the two commit statuses say, where a person reads them on the forge long afterwards."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Glass
from bot.domain.commit_statuses import approvals_status, gates_status
from bot.domain.gates import GateResult, GateState, stuck
from tests.domain.facts import ANA, seen, tallied, turned

NOBODY = replace(tallied(), approvals=0, required=0, missing=())
FAILED = GateResult("auc", GateState.FAIL, "0.8", "at least 0.9", blocks=False)
PASSED = GateResult("recall", GateState.PASS, "0.9", "at least 0.8")


def test_broken_glass_is_not_told_as_no_approvals_required() -> None:
    broken = seen(turned(glass=Glass(ANA, "orders fail")), tally=NOBODY)
    assert approvals_status(broken).description == "Broke the glass, with nobody's approval: orders fail"
    assert approvals_status(seen(tally=NOBODY)).description == "No approvals are required here"


def test_gates_that_only_inform_are_counted() -> None:
    assert gates_status(seen(gates=(PASSED, FAILED))).description == "1 of 2 gates passed; 1 did not, and only informs"
    assert gates_status(seen(gates=(PASSED,))).description == "1 of 1 gates passed"


def test_what_somebody_has_to_mend_is_told_first() -> None:
    """A red status whose words say that a check is running would lie."""
    running = GateResult("check ci/*", GateState.UNKNOWN, "ci/test is running", "success")
    calm = GateResult("calm", GateState.FAIL, "drift since noon", "no incident open", waits=True)
    worse = GateResult("auc", GateState.FAIL, "0.8", "at least 0.9")
    status = gates_status(seen(gates=(running, PASSED, calm, worse)))
    assert (status.state, status.description) == ("failure", "auc: 0.8; at least 0.9 (+2 more)")
    assert stuck((running, calm)) == (running, calm)
    assert gates_status(seen(gates=(running, calm))).state == "pending"


def test_the_name_of_a_metric_leaves_room_for_what_was_seen() -> None:
    long = GateResult("recall_of_" + "x" * 200 + "_end", GateState.FAIL, "0.8", "at least 0.9")
    assert gates_status(seen(gates=(long,))).description.endswith("xxx_end: 0.8; at least 0.9")
