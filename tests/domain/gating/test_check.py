"""The check gate as a table: unfinished is unknown, never ending is failed, none at all is a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Check, CheckState
from bot.domain.gates import GateState
from bot.domain.policy import CheckGate
from tests.domain.gating.given import NOW, F, P, S, U, facts, holds, judged

GOOD, BAD, RUNS = CheckState.SUCCESS, CheckState.FAILURE, CheckState.PENDING
UNIT, LINT = Check("ci/unit", GOOD), Check("ci/lint", GOOD)
BROKEN = Check("ci/unit", BAD, "3 of 90\nfailed", "https://ci.example/1")


def gate(pattern: str = "ci/*", **more: Any) -> CheckGate:
    return CheckGate("ci", pattern, "block", "merge", **more)


def runs(seconds: float | None, name: str = "ci/e2e") -> Check:
    return Check(name, RUNS, started_at=None if seconds is None else NOW - seconds)


@pytest.mark.parametrize(
    ("one", "checks", "state", "words"),
    [
        pytest.param(gate(), [UNIT, LINT], P, "2 passed", id="all good"),
        pytest.param(gate("ci/u*"), [UNIT, Check("ci/lint", BAD)], P, "1 passed", id="by pattern"),
        pytest.param(gate("CI/*"), [UNIT], U, "no such check", id="another case"),
        pytest.param(gate(), [BROKEN, LINT], F, "ci/unit failed: 3 of 90 failed", id="failed"),
        pytest.param(gate(), [BROKEN, Check("ci/x", BAD)], F, "failed: 3 of 90 failed (+1 more)", id="two failed"),
        pytest.param(gate(), [BROKEN, runs(5)], F, "ci/unit failed", id="failed, another runs"),
        pytest.param(gate(), [UNIT, runs(None)], U, "ci/e2e is running", id="unfinished"),
        pytest.param(gate(timeout=3_600.0), [runs(3_600)], U, "ci/e2e is running", id="to the second"),
        pytest.param(
            gate(timeout=3_600.0), [runs(7_200)], F, "ci/e2e has run for 2 h; the limit is 1 h", id="never ends"
        ),
        pytest.param(
            gate(timeout=60.0), [runs(61, "a/b"), runs(62), runs(1, "ci/x")], F, "ci/e2e has run", id="others'"
        ),
        pytest.param(gate(timeout=60.0), [runs(None)], U, "is running", id="nobody knows since when"),
        pytest.param(gate(timeout=60.0), [runs(-900)], U, "is running", id="it begins in the future"),
        pytest.param(gate(), [runs(1e7)], U, "is running", id="no limit"),
        pytest.param(gate(timeout=60.0), [Check("ci/e2e", GOOD, started_at=0.5)], P, "1 passed", id="ended late"),
        pytest.param(gate(), [], U, "no such check has run", id="none at all"),
        pytest.param(gate(), [Check("other", GOOD)], U, "no such check has run", id="none of the name"),
        pytest.param(gate(none="allow"), [], S, "the policy allows", id="none, which is allowed"),
        pytest.param(gate(none="allow"), [runs(1)], U, "is running", id="one, where none is allowed"),
        pytest.param(gate(), None, U, "no commit yet", id="no commit"),
        pytest.param(gate(none="allow"), None, U, "no commit yet", id="no commit, none allowed"),
        pytest.param(gate("*"), [Check("slackops/gates", GOOD)], U, "no such check", id="our own never count"),
        pytest.param(gate("*"), [Check("slackops/gates", BAD), UNIT], P, "1 passed", id="our own never fail it"),
    ],
)
def test_check(one: CheckGate, checks: list[Check] | None, state: GateState, words: str) -> None:
    holds(one, facts(checks=checks), state, words)


def test_it_leads_to_the_run_that_failed() -> None:
    assert judged(gate(), facts(checks=[BROKEN])).url == "https://ci.example/1"
    nasty = Check("ci/unit", BAD, url="javascript:alert(1)")
    assert judged(gate(), facts(checks=[nasty])).url is None


@given(st.lists(st.sampled_from(CheckState)))
def test_it_passes_only_where_all_of_one_or_more_did(states: list[CheckState]) -> None:
    checks = [Check(f"ci/{place}", state) for place, state in enumerate(states)]
    passed = judged(gate(), facts(checks=checks)).state is P
    assert passed == (bool(states) and set(states) == {GOOD})
