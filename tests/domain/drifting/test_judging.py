"""What a window's readings come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.judging import judged, sentence
from bot.domain.drifting.windows import MOST_READINGS, Reading, Verdict

BAD, FINE, UNKNOWN = Verdict.BAD, Verdict.FINE, Verdict.UNKNOWN


def of(feature: str, score: float | None, method: str = "psi") -> Reading:
    """Beyond its limit from a score of more than 1; unknown without one."""
    verdict = UNKNOWN if score is None else BAD if score > 1 else FINE
    return Reading(feature=feature, method=method, value=score, threshold=1, verdict=verdict, score=score)


@pytest.mark.parametrize(
    ("scores", "share", "verdict", "score"),
    [
        ([], 0.5, UNKNOWN, None),
        ([None, None], 0.5, UNKNOWN, None),
        ([2.0, 0.5], 0.5, BAD, 2.0),
        ([2.0, 0.5, 0.4], 0.5, FINE, 0.5),
        ([2.0, 3.0, 0.4], 0.5, BAD, 2.0),
        ([2.0, 3.0, 0.4, None, None, None], 0.5, BAD, 2.0),  # of those that are known
        ([9.0, 3.0, 2.0, 1.5], 1.0, BAD, 1.5),
        ([0.9, 0.2], 0.5, FINE, 0.9),
        ([0.9, 5.0], None, BAD, 5.0),
        ([0.9, 0.1], None, FINE, 0.9),
        ([2.0] + [0.1] * 9, 0.1, BAD, 2.0),
        ([2.0] + [0.1] * 10, 0.1, FINE, 0.1),
    ],
)
def test_the_share_of_features(
    scores: list[float | None], share: float | None, verdict: Verdict, score: float | None
) -> None:
    found = judged([of(f"f{n}", one) for n, one in enumerate(scores)], share)
    assert (found.verdict, found.score, found.total) == (verdict, score, len(scores))


def test_a_feature_is_as_bad_as_its_worst_reading_and_counts_once() -> None:
    found = judged([of("a", 0.5), of("a", 3.0, "ks"), of("b", 0.2), of("b", 0.1, "ks")], 0.5)
    assert (found.verdict, found.score, found.bad, found.total, len(found.readings)) == (BAD, 3.0, 1, 2, 4)


def test_figures_of_the_whole_count_for_themselves() -> None:
    found = judged([of("", 2.0, "mae"), of("", 0.5, "accuracy")])
    assert (found.bad, found.total, sentence(found)) == (1, 2, "1 of 2 is beyond its limit: mae")


@pytest.mark.parametrize(
    ("scores", "said", "score"),
    [([0.5], BAD, 1.0), ([3.0], BAD, 3.0), ([3.0], FINE, 1.0), ([3.0], UNKNOWN, None), ([], BAD, None)],
)
def test_the_monitor_s_own_verdict_counts(scores: list[float], said: Verdict, score: float | None) -> None:
    found = judged([of("a", one) for one in scores], 0.5, said)
    assert (found.verdict, found.score) == (said, score)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([], ""),
        ([0.5, 0.2], ""),
        ([2.0], "f0 is beyond its limit"),
        ([2.0, 0.1], "1 of 2 is beyond its limit: f0"),
        ([2.0, 3.0, 0.1], "2 of 3 are beyond their limits: f1, f0"),
        ([2.0, 3.0, 4.0, 5.0, 6.0], "5 of 5 are beyond their limits: f4, f3, f2 and 2 more"),
    ],
)
def test_a_sentence(scores: list[float], words: str) -> None:
    assert sentence(judged([of(f"f{n}", one) for n, one in enumerate(scores)], 0.5)) == words


@given(st.lists(st.none() | st.floats(0, 1000), max_size=80), st.none() | st.floats(0.01, 1))
def test_a_verdict_and_its_score_agree(scores: list[float | None], share: float | None) -> None:
    found = judged([of(f"f{n}", one) for n, one in enumerate(scores)], share)
    assert len(found.readings) == min(len(scores), MOST_READINGS)
    assert (found.score is None) == (found.verdict is UNKNOWN)
    if found.score is not None:
        assert found.score >= 1 if found.verdict is BAD else found.score <= 1
    ranks = [one.score or 0.0 for one in found.readings if one.verdict is BAD]
    assert ranks == sorted(ranks, reverse=True)
