"""Gates as tables, unknown included."""

from __future__ import annotations

import math

import pytest

from bot.domain.facts import Check, CheckState
from bot.domain.gates import GateState
from bot.domain.judging import advisory, judge_check, judge_metric
from bot.domain.policy import CheckGate, MetricGate, Regression
from tests.domain.facts import version

P, F, U, S = GateState.PASS, GateState.FAIL, GateState.UNKNOWN, GateState.SKIPPED


def metric(name="auc", direction="higher", threshold=None, against=None, regression=None, mode="block"):
    return MetricGate(name, name, direction, threshold, against, regression, mode, "merge")


@pytest.mark.parametrize(
    ("gate", "candidate", "state"),
    [
        (metric(threshold=0.9), version("4", auc=0.9), P),
        (metric(threshold=0.9), version("4", auc=0.899), F),
        (metric("loss", "lower", threshold=0.2), version("4", loss=0.2), P),
        (metric("loss", "lower", threshold=0.2), version("4", loss=0.21), F),
        (metric(threshold=0.9), version("4"), U),
        (metric(threshold=0.9), None, U),
        (metric(threshold=0.9), version("4", auc=math.nan), U),
        (metric(threshold=0.9), version("4", auc=math.inf), U),
        (metric("recall.*", threshold=0.8), version("4", **{"recall.a": 0.9, "recall.b": 0.81}), P),
        (metric("recall.*", threshold=0.8), version("4", **{"recall.a": 0.9, "recall.b": 0.79}), F),
        (metric("recall.*", threshold=0.8), version("4", auc=1.0), U),
    ],
)
def test_threshold(gate, candidate, state):
    assert judge_metric(gate, candidate, None, first=False).state is state


ONE_PERCENT, ABSOLUTE = Regression(1.0, percent=True), Regression(0.01, percent=False)


@pytest.mark.parametrize(
    ("gate", "new", "old", "state"),
    [
        (metric(against="deployed"), 0.95, 0.94, P),
        (metric(against="deployed"), 0.94, 0.94, P),
        (metric(against="deployed"), 0.939, 0.94, F),
        (metric(against="deployed", regression=ONE_PERCENT), 0.932, 0.94, P),
        (metric(against="deployed", regression=ONE_PERCENT), 0.930, 0.94, F),
        (metric(against="deployed", regression=ABSOLUTE), 0.93, 0.94, P),
        (metric(against="deployed", regression=ABSOLUTE), 0.929, 0.94, F),
        (metric(direction="lower", against="deployed", regression=ONE_PERCENT), 0.202, 0.2, P),
        (metric(direction="lower", against="deployed", regression=ONE_PERCENT), 0.208, 0.2, F),
        (metric(direction="lower", against="deployed", regression=ONE_PERCENT), 0.1, 0.0, U),
        (metric(against="deployed"), math.nan, 0.94, U),
    ],
)
def test_against_deployed(gate, new, old, state):
    assert judge_metric(gate, version("4", auc=new), version("3", auc=old), first=False).state is state


def test_first_deployment_is_skipped_and_says_so():
    result = judge_metric(metric(against="deployed"), version("4", auc=1.0), None, first=True)
    assert (result.state, result.holds_up, result.observed) == (S, False, "first deployment")


@pytest.mark.parametrize("deployed", [None, version("3")])
def test_missing_baseline_is_unknown_and_blocks(deployed):
    result = judge_metric(metric(against="deployed"), version("4", auc=1.0), deployed, first=False)
    assert (result.state, result.holds_up) == (U, True)


def test_warn_does_not_block():
    assert not judge_metric(metric(threshold=0.9, mode="warn"), version("4", auc=0.1), None, first=False).holds_up


def test_a_rollback_shows_its_gates_but_does_not_wait_for_them():
    failed = judge_metric(metric(threshold=0.9), version("4", auc=0.1), None, first=False)
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
    assert judge_check(CI, checks).state is state
