"""Gates as tables, unknown included."""

from __future__ import annotations

import pytest

from bot.domain.facts import Check, CheckState
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, advisory, check
from bot.domain.policy import CheckGate


def _checked(gate, checks):
    return check.evaluate(gate, GateFacts(0.0, None, None, checks=checks))


P, F, U = GateState.PASS, GateState.FAIL, GateState.UNKNOWN


def test_a_rollback_shows_its_gates_but_does_not_wait_for_them():
    failed = GateResult("auc", F, "0.1", "at least 0.9")
    assert [(g.state, g.holds_up) for g in advisory([failed])] == [(F, False)]


CI = CheckGate("ci/*", "ci/*", "block", "merge")


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        (None, U),
        ([], U),
        ([Check("other", CheckState.SUCCESS)], U),
        ([Check("slackops/gates", CheckState.SUCCESS)], U),
        ([Check("ci/a", CheckState.SUCCESS), Check("ci/b", CheckState.SUCCESS)], P),
        ([Check("ci/a", CheckState.SUCCESS), Check("ci/b", CheckState.PENDING)], U),
        ([Check("ci/a", CheckState.PENDING), Check("ci/b", CheckState.FAILURE)], F),
    ],
)
def test_checks(checks, state):
    assert _checked(CI, checks).state is state
