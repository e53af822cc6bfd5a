"""How far a figure is from its limit."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.methods import method_of
from bot.domain.drifting.scoring import MOST_SCORE, Way, finite, score_of, score_within, verdict_of
from bot.domain.drifting.windows import Verdict


@pytest.mark.parametrize(
    ("value", "threshold", "way", "score"),
    [
        (0.4, 0.2, Way.ABOVE, 2.0),
        (0.2, 0.2, Way.ABOVE, 1.0),
        (0.0, 0.2, Way.ABOVE, 0.0),
        (-5.0, 0.2, Way.ABOVE, 0.0),
        (1e300, 1e-300, Way.ABOVE, MOST_SCORE),
        (0.3, 0.0, Way.ABOVE, 1.3),  # no yardstick
        (0.8, 1.0, Way.BELOW, 1.2),
        (1.0, 1.0, Way.BELOW, 1.0),
        (-0.5, -1.0, Way.ABOVE, 1.5),
        (0.0025, 0.05, Way.P_VALUE, 1.0 + math.log10(2)),
        (1.0, 0.05, Way.P_VALUE, 0.0),
        (0.05**100, 0.05, Way.P_VALUE, 3.0),
        (0.0, 0.05, Way.P_VALUE, 1.0 + math.log10(math.log(1e-300) / math.log(0.05))),
        (1.5, 0.05, Way.P_VALUE, None),
        (0.5, 0.0, Way.P_VALUE, None),
        (0.5, 1.0, Way.P_VALUE, None),
        (None, 0.2, Way.ABOVE, None),
        (0.2, None, Way.ABOVE, None),
    ],
)
def test_a_score(value: float | None, threshold: float | None, way: Way, score: float | None) -> None:
    assert score_of(value, threshold, way) == (score if score is None else pytest.approx(score))


@pytest.mark.parametrize(
    ("value", "lower", "upper", "score"),
    [
        (5, 0, 10, 0.0),
        (10, 0, 10, 1.0),
        (0, 0, 10, 1.0),
        (15, 0, 10, 2.0),
        (-5, 0, 10, 2.0),
        (0.3, None, 0.2, 1.5),
        (0.3, 0.6, None, 1.5),
        (0.3, None, None, None),
        (None, 0, 10, None),
        (0.386, 0.0, 0.0, 1.386),  # what NannyML says of a column that was never missing
        (1e308, -1e308, 1e308, 1.0),
    ],
)
def test_between_two_limits(value: Any, lower: Any, upper: Any, score: float | None) -> None:
    assert score_within(value, lower, upper) == (score if score is None else pytest.approx(score))


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(NUMBERS, NUMBERS, st.sampled_from(list(Way)))
def test_a_score_is_on_the_side_that_the_verdict_says(value: float, threshold: float, way: Way) -> None:
    score, verdict = score_of(value, threshold, way), verdict_of(value, threshold, way)
    if score is not None:
        assert 0 <= score <= MOST_SCORE
        assert score >= 1 if verdict is Verdict.BAD else score <= 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.5))
def test_the_smaller_a_p_value_the_worse(one: float, other: float, threshold: float) -> None:
    low, high = (score_of(p, threshold, Way.P_VALUE) for p in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert low >= high


@pytest.mark.parametrize(
    ("value", "inclusive", "verdict"),
    [(0.2, False, "fine"), (0.2, True, "bad"), (0.21, False, "bad"), (0.1, True, "fine")],
)
def test_at_the_limit(value: float, inclusive: bool, verdict: str) -> None:
    assert verdict_of(value, 0.2, inclusive=inclusive).value == verdict
    assert verdict_of(None, 0.2).value == verdict_of(0.2, None).value == "unknown"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, 1.0),
        (0.5, 0.5),
        (True, None),
        ("1", None),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
    ],
)
def test_what_is_a_number(value: object, found: float | None) -> None:
    assert finite(value) == found


@pytest.mark.parametrize(
    ("name", "way"),
    [("PSI", Way.ABOVE), (" psi ", Way.ABOVE), ("K-S p_value", Way.P_VALUE), ("my p-value", Way.P_VALUE)],
)
def test_a_method_by_its_names(name: str, way: Way) -> None:
    found = method_of(name)
    assert found is not None
    assert found.way is way


@pytest.mark.parametrize("name", ["", "custom function 'f'", "percentile text content drift", "value"])
def test_a_method_that_nobody_knows(name: str) -> None:
    assert method_of(name) is None
