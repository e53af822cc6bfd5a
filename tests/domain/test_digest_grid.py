"""What a line of the digest's picture goes through."""

from __future__ import annotations

import pytest

from bot.domain.digest_grid import point_of
from bot.domain.drifting.incidents import Past
from bot.domain.drifting.windows import Verdict


@pytest.mark.parametrize(
    ("verdict", "score", "point"),
    [
        (Verdict.BAD, 2.5, 2.5),
        (Verdict.FINE, 0.0, 0.0),
        (Verdict.UNKNOWN, 2.5, None),
        (Verdict.UNKNOWN, None, None),
    ],
)
def test_a_window_is_drawn_at_its_score(verdict: Verdict, score: float | None, point: float | None) -> None:
    assert point_of(Past(at=1.0, monitor="m", verdict=verdict, score=score)) == point


def test_without_a_score_a_window_is_drawn_on_its_side_of_the_limit() -> None:
    fine, bad = (point_of(Past(at=1.0, monitor="m", verdict=one)) for one in (Verdict.FINE, Verdict.BAD))
    assert fine is not None
    assert bad is not None
    assert fine < 1 < bad
