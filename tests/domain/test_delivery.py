"""The four keys, as tables of what came in and when. Times are in hours before now."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import DeliveryLine
from bot.domain.delivery import DAY, Arrival, measured, words

NOW, HOUR, WEEK = 1_800_000_000.0, 3600.0, 7 * 24


def ago(hours: float | None) -> float | None:
    return None if hours is None else NOW - hours * HOUR


def came(
    at: float, asked: float | None = None, live: float | None = None, bad: float | None = None, **more: Any
) -> Arrival:
    return Arrival(NOW - at * HOUR, asked_at=ago(asked), live_at=ago(live), bad_at=ago(bad), **more)


def back(at: float, live: float | None, bad: float | None = None) -> Arrival:
    return came(at, at + 1, live, bad, back=True)


def outside(at: float) -> Arrival:
    return came(at, None, at, outside=True)


GOOD = came(50, 53, 49)
LEFT = [came(50, 53, 49), back(40, 39)]
CASES: dict[str, tuple[list[Arrival], str]] = {
    "nothing": ([], "no deployments"),
    "one": ([GOOD], "1 deployment · lead time 4 h · none failed"),
    "the median": ([GOOD, came(30, 40, 20), came(10, 12, 10)], "3 deployments · lead time 4 h · none failed"),
    "not live yet": ([came(1, 2)], "1 deployment · none failed"),
    "degraded, still": ([came(50, 53, 49, 48)], "1 deployment · lead time 4 h · 1 of 1 failed · not restored yet"),
    "never healthy, still": ([came(50, 53, None, 48)], "1 deployment · 1 of 1 failed · not restored yet"),
    "degraded, then well by itself": (
        [came(50, 53, 45, 48)],
        "1 deployment · lead time 8 h · 1 of 1 failed · restored in 3 h",
    ),
    "well, degraded, well again": (
        [came(50, 53, 49, 48, healed=True), came(2, 3, 1)],
        "2 deployments · lead time 3 h · 1 of 2 failed",
    ),
    "taken back": (LEFT, "1 deployment · lead time 4 h · 1 of 1 failed · restored in 11 h"),
    "degraded and taken back": (
        [came(50, 53, 49, 48), back(47.5, 47.8 - 1)],
        "1 deployment · lead time 4 h · 1 of 1 failed · restored in 1 h 12 min",
    ),
    "taken back, no engine": (
        [came(50, 53, 50), back(40, 40)],
        "1 deployment · lead time 3 h · 1 of 1 failed · restored in 10 h",
    ),
    "the rollback is not healthy yet": (
        [GOOD, back(40, None)],
        "1 deployment · lead time 4 h · 1 of 1 failed · not restored yet",
    ),
    "the rollback fails, the next one helps": (
        [came(50, 53, None, 48), back(47, None, 46), back(45, 44)],
        "1 deployment · 1 of 1 failed · restored in 4 h",
    ),
    "a rollback of a rollback is no second failure": (
        [*LEFT, back(30, 29)],
        "1 deployment · lead time 4 h · 1 of 1 failed · restored in 11 h",
    ),
    "fixed forward": (
        [came(50, 53, None, 48), came(46, 47, 45)],
        "2 deployments · lead time 2 h · 1 of 2 failed · restored in 3 h",
    ),
    "fixed by a fix that fails first": (
        [came(50, 53, None, 48), came(46, 47, None, 45), came(43, 44, 42)],
        "3 deployments · lead time 2 h · 2 of 3 failed · restored in 4 h 30 min",
    ),
    "one restored, one not": (
        [came(50, 53, None, 48), came(46, 47, 45), came(3, 4, None, 2)],
        "3 deployments · lead time 2 h · 2 of 3 failed · restored in 3 h, the last not yet",
    ),
    "pushed by hand": ([outside(30)], "1 deployment, 1 outside SlackOps · none failed"),
    "pushed by hand and taken back": (
        [outside(30), back(28, 27)],
        "1 deployment, 1 outside SlackOps · 1 of 1 failed · restored in 3 h",
    ),
    "put right by hand": (
        [came(50, 53, None, 48), outside(40)],
        "2 deployments, 1 outside SlackOps · 1 of 2 failed · restored in 8 h",
    ),
    "long ago": ([came(5 * WEEK, 5 * WEEK + 1, 5 * WEEK), back(4 * WEEK + 1, 4 * WEEK)], "no deployments"),
    "came in long ago, taken back now": ([came(5 * WEEK, None, 5 * WEEK), back(1, 1)], "no deployments"),
    "clocks differ": ([came(50, 49, 49.5, None)], "1 deployment · lead time 0 s · none failed"),
    "restored before it broke, by the clocks": (
        [came(50, 53, None, 40), came(45, 46, 44)],
        "2 deployments · lead time 2 h · 1 of 2 failed · restored in 0 s",
    ),
    "from the future": ([came(-1, 2, -1)], "1 deployment · lead time 3 h · none failed"),
}


@pytest.mark.parametrize("name", CASES)
def test_numbers_in_words(name: str) -> None:
    arrivals, told = CASES[name]
    for order in (arrivals, arrivals[::-1]):
        assert words(measured("production", order, NOW)) == f"production, 28 days: {told}"


def test_the_line_of_the_tone() -> None:
    line = DeliveryLine("production", 28, 4, 3 * HOUR, 0.25, 12 * 60.0)
    told = "production, 28 days: 4 deployments · lead time 3 h · 1 of 4 failed · restored in 12 min"
    assert words(line) == told


def test_nothing_is_no_zero() -> None:
    line = measured("production", [], NOW)
    assert (line.deployments, line.lead_time, line.failure_rate, line.time_to_restore) == (0, None, None, None)
    assert not line.broken


TIME = st.floats(-60 * DAY, DAY).map(lambda offset: NOW + offset)
ARRIVALS = st.lists(
    st.builds(
        Arrival,
        TIME,
        back=st.booleans(),
        outside=st.booleans(),
        asked_at=st.none() | TIME,
        live_at=st.none() | TIME,
        bad_at=st.none() | TIME,
        healed=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.at,
)


@given(ARRIVALS, st.randoms(use_true_random=False))
def test_numbers_make_sense_whatever_came_in_whichever_order(arrivals: list[Arrival], random: Any) -> None:
    line = measured("production", arrivals, NOW)
    assert line.outside <= line.deployments <= len(arrivals)
    assert (line.failure_rate is None) == (line.deployments == 0)
    assert line.failure_rate is None or 0 <= line.failure_rate <= 1
    assert all(value is None or value >= 0 for value in (line.lead_time, line.time_to_restore))
    assert line.failure_rate or not (line.broken or line.time_to_restore)
    random.shuffle(arrivals)
    assert measured("production", arrivals, NOW) == line
    assert words(line)
