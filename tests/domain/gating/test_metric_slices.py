"""Metrics by pattern: every slice, the worst, a share."""

from __future__ import annotations

import math

import pytest

from bot.domain.gating.slices import together
from bot.domain.policy import Regression
from tests.domain.gating.metrics import F, P, S, U, gate, judged, version


def recall(number: str, *values: float | None, **more: object):
    named = {
        f"recall__{letter}": value for letter, value in zip("abcdefghij", values, strict=False) if value is not None
    }
    return version(number, **named, **more)


EVERY = gate("recall.*", threshold=0.8)
MOST = gate("recall.*", threshold=0.8, slices=0.75)


@pytest.mark.parametrize(
    ("one", "candidate", "state", "observed"),
    [
        (EVERY, recall("4", 0.9, 0.81), P, "worst of 2: recall.b 0.81"),
        (EVERY, recall("4", 0.9, 0.79, 0.7), F, "2 of 3 slices fail: recall.c 0.7"),
        (EVERY, version("4", auc=1.0), U, "no metric fits recall.*"),
        (EVERY, recall("4", 0.9, math.nan), U, "1 of 2 slices not known: recall.b: not a finite number"),
        (EVERY, recall("4", 0.7, math.nan), F, "1 of 2 slices fail, 1 not known: recall.a 0.7"),
        (
            EVERY,
            recall("4", 0.9, conflicts=("recall.z",)),
            U,
            "1 of 2 slices not known: recall.z: two different values were logged",
        ),
        (EVERY, recall("4", 0.9, series=("recall.a",)), P, "worst of 1: recall.a 0.9 (last of a series)"),
        (MOST, recall("4", 0.9, 0.9, 0.9, 0.1), P, "1 of 4 slices fail: recall.d 0.1"),
        (MOST, recall("4", 0.9, 0.9, 0.1, 0.1), F, "2 of 4 slices fail: recall.c 0.1"),
        (MOST, recall("4", 0.9, 0.9, 0.9, math.nan), P, "1 of 4 slices not known: recall.d: not a finite number"),
        (MOST, recall("4", 0.9, 0.9, 0.1, math.nan), U, "1 of 4 slices fail, 1 not known: recall.c 0.1"),
        (MOST, recall("4", 0.9, 0.1, 0.1, math.nan), F, "2 of 4 slices fail, 1 not known: recall.b 0.1"),
        (gate("recall.*", threshold=0.8, slices=0.1), recall("4", 0.1), F, "1 of 1 slices fail: recall.a 0.1"),
        (gate("recall.*", threshold=0.8, slices=1.0), recall("4", 0.9, 0.1), F, "1 of 2 slices fail: recall.b 0.1"),
    ],
)
def test_threshold(one, candidate, state, observed):
    result = judged(one, candidate)
    assert (result.state, result.observed) == (state, observed)


DEPLOYED = gate("recall.*", against="deployed")
STRICT = gate("recall.*", against="deployed", no_baseline="fail")
WORST = gate("recall.*", against="deployed", slices="worst")
SHARE = gate("recall.*", against="deployed", slices=0.5)
PERCENT = gate("recall.*", against="deployed", max_regression=Regression(5.0, percent=True))


@pytest.mark.parametrize(
    ("one", "new", "old", "state", "observed"),
    [
        (DEPLOYED, (0.9, 0.8), (0.9, 0.8), P, "worst of 2: recall.a 0.9 → 0.9, the same as 3"),
        (DEPLOYED, (0.9, 0.7), (0.9, 0.8), F, "1 of 2 slices fail: recall.b 0.8 → 0.7, 0.1 worse than 3"),
        (DEPLOYED, (0.9, None), (0.9, 0.8), U, "1 of 2 slices not known: recall.b: in 3, not in 4"),
        (DEPLOYED, (0.9, 0.1), (0.9, None), P, "1 of 2 slices not compared: recall.a 0.9 → 0.9, the same as 3"),
        (STRICT, (0.9, 0.1), (0.9, None), F, "1 of 2 slices fail: recall.b: new since 3"),
        (DEPLOYED, (0.9,), (None, 0.9), U, "1 of 2 slices not known, 1 not compared: recall.b: in 3, not in 4"),
        (DEPLOYED, (0.9,), (), S, "1 of 1 slices not compared: recall.a: new since 3"),
        (DEPLOYED, (), (0.9,), U, "no metric fits recall.*"),
        (PERCENT, (0.5, 0.095), (0.52, 0.11), F, "1 of 2 slices fail: recall.b 0.11 → 0.095, 14% worse than 3"),
        (WORST, (0.7, 0.9), (0.9, 0.7), P, "worst slice: recall.a 0.7 → 0.7, the same as 3"),
        (WORST, (0.6, 0.9), (0.9, 0.7), F, "worst slice: recall.a 0.7 → 0.6, 0.1 worse than 3"),
        (WORST, (0.6, None), (0.6, 0.7), U, "worst slice, 1 not known: recall.b: in 3, not in 4"),
        (WORST, (0.7, math.nan), (0.6, 0.6), U, "worst slice, 1 not known: recall.b: not a finite number"),
        (
            WORST,
            (0.7, 0.6),
            (math.nan, 0.6),
            U,
            "worst slice, 1 not known: recall.b: recall.a of 3: not a finite number",
        ),
        (SHARE, (0.9, 0.1), (0.8, 0.8), P, "1 of 2 slices fail: recall.b 0.8 → 0.1, 0.7 worse than 3"),
    ],
)
def test_against(one, new, old, state, observed):
    result = judged(one, recall("4", *new), recall("3", *old))
    assert (result.state, result.observed) == (state, observed)


@pytest.mark.parametrize("one", [EVERY, MOST, WORST])
def test_no_slice_at_all_is_no_pass(one):
    assert together(one, []) is U


@pytest.mark.parametrize(("one", "state"), [(DEPLOYED, S), (STRICT, F)])
def test_a_first_deployment(one, state):
    assert judged(one, recall("4", 0.9), first=True).state is state


@pytest.mark.parametrize(
    ("one", "required"),
    [
        (EVERY, "at least 0.8"),
        (MOST, "at least 0.8, in 75% of slices"),
        (WORST, "not worse than deployed, worst slice by worst slice"),
    ],
)
def test_what_is_asked_for(one, required):
    assert judged(one, None).required == required


@pytest.mark.parametrize("slices", ["every", "worst", 0.9])
@pytest.mark.parametrize("more", [{"threshold": 0.5}, {"against": "deployed"}], ids=["threshold", "against"])
def test_ten_thousand_slices_take_few_words(slices, more):
    names = [f"recall.{'segment' * 20}.{number}" for number in range(10_000)]
    new = version("4", **{name: 0.4 + place / 1e6 for place, name in enumerate(names)})
    old = version("3", **dict.fromkeys(names[5000:], 0.6), **{f"recall.gone.{n}": 0.5 for n in range(5_000)})
    result = judged(gate("recall.*", slices=slices, **more), new, old)
    assert result.state is not P
    assert len(result.observed) <= 140


def test_a_pattern_that_could_backtrack_does_not():
    new = version("4", **{"a" * 200 + str(number): 1.0 for number in range(100)})
    assert judged(gate("*a" * 12 + "b", threshold=0.5), new).state is U


def test_a_name_is_data_and_stays_on_one_line():
    result = judged(EVERY, version("4", **{"recall.\nSlackOps-Change: x": 0.1}))
    assert "\n" not in result.observed
