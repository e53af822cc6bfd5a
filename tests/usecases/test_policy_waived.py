"""`slackops test`: a gate that is given as waived keeps its state, and holds nothing up."""

from __future__ import annotations

import pytest

from tests.usecases.test_policy_tests import run

BAD = {"candidate": {"metrics": {"auc": 0.8, "loss": 0.4}}}


@pytest.mark.parametrize(
    ("waived", "expect"),
    [
        pytest.param((), {"merge": "no", "blocking": "auc"}, id="nothing"),
        pytest.param(("auc",), {"merge": "yes", "gates": {"auc": "fail"}}, id="the-gate-that-fails"),
        pytest.param(("loss against deployed",), {"merge": "no"}, id="another-one"),
        pytest.param(("nonsense",), {"decision": "refuse", "reason": "unknown_gate"}, id="a-mistyped-one"),
    ],
)
def test_waived(waived, expect):
    result = run({**BAD, "waived": list(waived)}, **expect)
    assert result.passed, result.differences
