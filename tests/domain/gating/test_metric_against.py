"""A metric against another version's, unknown included."""

from __future__ import annotations

import math

import pytest

from bot.domain.policy import Regression
from tests.domain.gating.metrics import F, P, S, U, gate, judged, version

PERCENT, AMOUNT = Regression(1.0, percent=True), Regression(0.01, percent=False)
EQUAL = gate(against="deployed")
BY_PERCENT = gate(against="deployed", max_regression=PERCENT)
BY_AMOUNT = gate(against="deployed", max_regression=AMOUNT)
LOWER = gate(direction="lower", against="deployed", max_regression=PERCENT)
BETTER = gate(against="deployed", min_absolute_change=0.01)
SHARE = gate(against="deployed", min_relative_change=0.1)
LESS = gate(direction="lower", against="deployed", min_relative_change=0.1)
BOTH = gate(against="deployed", min_absolute_change=0.01, min_relative_change=0.1)


@pytest.mark.parametrize(
    ("one", "new", "old", "state"),
    [
        (EQUAL, 0.95, 0.94, P),
        (EQUAL, 0.94, 0.94, P),
        (EQUAL, 0.939, 0.94, F),
        (EQUAL, 0.1 + 0.2, 0.3, P),
        (EQUAL, 0.3, 0.1 + 0.2, P),
        (EQUAL, -0.5, -0.4, F),
        (BY_PERCENT, 0.932, 0.94, P),
        (BY_PERCENT, 0.9306, 0.94, P),
        (BY_PERCENT, 0.9305, 0.94, F),
        (BY_PERCENT, -1.01, -1.0, P),
        (BY_PERCENT, -1.02, -1.0, F),
        (BY_PERCENT, 0.1, 0.0, P),
        (BY_PERCENT, 0.0, 0.0, P),
        (BY_PERCENT, -0.1, 0.0, U),
        (gate(against="deployed", max_regression=Regression(0.0, percent=True)), -0.1, 0.0, F),
        (BY_AMOUNT, 0.93, 0.94, P),
        (BY_AMOUNT, 0.0, 0.01, P),
        (BY_AMOUNT, 0.929, 0.94, F),
        (LOWER, 0.202, 0.2, P),
        (LOWER, 0.208, 0.2, F),
        (LOWER, 0.1, 0.2, P),
        (LOWER, 0.1, 0.0, U),
        (BETTER, 0.95, 0.94, P),
        (BETTER, 0.949, 0.94, F),
        (SHARE, 0.55, 0.5, P),
        (SHARE, 0.549, 0.5, F),
        (SHARE, -0.9, -1.0, P),
        (SHARE, -0.95, -1.0, F),
        (SHARE, 0.0, 0.0, F),
        (SHARE, 1e-9, 0.0, P),
        (LESS, 0.45, 0.5, P),
        (LESS, 0.46, 0.5, F),
        (BOTH, 0.105, 0.1, F),
        (BOTH, 0.11, 0.1, P),
        (BOTH, 0.51, 0.5, F),
        (EQUAL, math.nan, 0.94, U),
        (EQUAL, 0.94, math.nan, U),
        (EQUAL, 0.94, -math.inf, U),
        (EQUAL, math.inf, math.inf, U),
        (BY_AMOUNT, 1.7e308, -1.7e308, U),
    ],
)
def test_against_the_deployed_version(one, new, old, state):
    assert judged(one, version("4", auc=new), version("3", auc=old)).state is state


@pytest.mark.parametrize(
    ("one", "new", "old", "observed"),
    [
        (EQUAL, 0.95, 0.94, "0.94 → 0.95, 0.01 better than 3"),
        (EQUAL, 0.94, 0.94, "0.94 → 0.94, the same as 3"),
        (EQUAL, 0.1 + 0.2, 0.3, "0.3 → 0.3, the same as 3"),
        (EQUAL, 0.939999, 0.94, "0.94 → 0.939999, 1e-06 worse than 3"),
        (BY_PERCENT, 0.93, 0.94, "0.94 → 0.93, 1.1% worse than 3"),
        (BY_PERCENT, 0.92997, 0.9393737, "0.9394 → 0.93, 1.001% worse than 3"),
        (LOWER, 0.208, 0.2, "0.2 → 0.208, 4% worse than 3"),
        (LOWER, 0.1, 0.0, "worse than 3, whose 0 has no percentage"),
        (EQUAL, 12346.0, 12345.0, "12345 → 12346, 1 better than 3"),
    ],
)
def test_the_difference_in_words(one, new, old, observed):
    assert judged(one, version("4", auc=new), version("3", auc=old)).observed == observed


CHAMPION = gate(against="@champion")
STRICT = gate(against="deployed", no_baseline="fail")
STRICT_ALIAS = gate(against="@champion", no_baseline="fail")
NEW, OLD = version("4", auc=0.9), version("3", auc=0.8)


@pytest.mark.parametrize(
    ("one", "facts", "state", "observed"),
    [
        (EQUAL, {"first": True}, S, "first deployment"),
        (STRICT, {"first": True}, F, "first deployment, nothing to compare with"),
        (EQUAL, {}, U, "deployed version is not in the registry"),
        (STRICT, {}, U, "deployed version is not in the registry"),
        (EQUAL, {"deployed": version("3")}, U, "auc of 3: not logged"),
        (EQUAL, {"deployed": version("3", conflicts=("auc",))}, U, "auc of 3: two different values were logged"),
        (EQUAL, {"deployed": version("3", auc=math.nan)}, U, "auc of 3: not a finite number"),
        (EQUAL, {"deployed": version("4", auc=0.9)}, P, "4 is deployed itself"),
        (EQUAL, {"deployed": OLD}, P, "0.8 → 0.9, 0.1 better than 3"),
        (CHAMPION, {"deployed": OLD}, U, "registry did not say which version is @champion"),
        (CHAMPION, {"aliased": {"champion": None}}, S, "no version is @champion"),
        (STRICT_ALIAS, {"aliased": {"champion": None}}, F, "no version is @champion, nothing to compare with"),
        (CHAMPION, {"aliased": {"champion": version("2", auc=0.95)}}, F, "0.95 → 0.9, 0.05 worse than 2"),
        (CHAMPION, {"aliased": {"champion": NEW}}, P, "4 is @champion itself"),
        (CHAMPION, {"first": True, "aliased": {"champion": OLD}}, P, "0.8 → 0.9, 0.1 better than 3"),
        (
            EQUAL,
            {"deployed": version("3", series=("auc",), auc=0.8)},
            P,
            "0.8 (last of a series) → 0.9, 0.1 better than 3",
        ),
    ],
)
def test_the_baseline(one, facts, state, observed):
    result = judged(one, NEW, **facts)
    assert (result.state, result.observed) == (state, observed)


@pytest.mark.parametrize("candidate", [version("4"), version("4", auc=math.nan)], ids=["missing", "nan"])
@pytest.mark.parametrize("first", [True, False])
def test_a_candidate_without_the_metric_is_unknown_whatever_it_is_compared_with(candidate, first):
    assert judged(EQUAL, candidate, OLD, first).state is U


def test_the_deployed_version_itself_passes_whatever_is_asked():
    assert judged(BETTER, version("3"), version("3")).state is P


@pytest.mark.parametrize(
    ("one", "required"),
    [
        (EQUAL, "not worse than deployed"),
        (CHAMPION, "not worse than @champion"),
        (BY_PERCENT, "at most 1% worse than deployed"),
        (BY_AMOUNT, "at most 0.01 worse than deployed"),
        (BETTER, "at least 0.01 better than deployed"),
        (SHARE, "at least 10% better than deployed"),
        (BOTH, "at least 0.01 and 10% better than deployed"),
    ],
)
def test_what_is_asked_for(one, required):
    assert judged(one, None).required == required
