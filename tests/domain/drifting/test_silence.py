"""Silence is neither fine nor bad: who is waited for, and when it is worth a word."""

from __future__ import annotations

import pytest

from bot.domain.drifting.silence import DAY, quiet_from, quiet_since
from bot.domain.drifting.snoozing import BY_HAND, closed
from bot.domain.drifting.windows import Window
from tests.domain.drifting.stories import ANA, NOW, Story, settled, window, windows

A_DAY = 24 * 60
"""In minutes of data."""


def daily(letter: str, days: range, monitor: str = "daily") -> list[Window]:
    return [window(letter, day * A_DAY, monitor) for day in days]


@pytest.mark.parametrize(
    ("found", "state"),
    [
        pytest.param([settled("B", 1, "x"), *daily("F", range(1, 40))], "open", id="an alert fires for weeks"),
        pytest.param(
            [settled("B", 1, "x"), settled("B", 30 * A_DAY, "y"), settled("F", 30 * A_DAY + 5, "y")],
            "open",
            id="another alert came and went",
        ),
        pytest.param(
            [*(window("B", day * A_DAY, "monthly") for day in (0, 30)), *daily("F", range(31, 61))],
            "open",
            id="a monthly one is not gone after a fortnight",
        ),
        pytest.param(
            [*(window("B", day * A_DAY, "monthly") for day in (0, 30)), *daily("F", range(31, 125))],
            "resolved",
            id="but after a quarter",
        ),
        pytest.param([*daily("B", range(2), "old"), *daily("F", range(2, 16))], "open", id="a daily one, a fortnight"),
        pytest.param([*daily("B", range(2), "old"), *daily("F", range(2, 18))], "resolved", id="and more"),
    ],
)
def test_who_says_nothing_any_more_is_waited_for_as_its_pace_asks(found: list[Window], state: str) -> None:
    assert Story().each(found).state() == state


def test_of_fifty_alerts_each_is_waited_for() -> None:
    story = Story().each(settled("B", n, f"feature {n}") for n in range(50))
    story.each(settled("F", 100 + n, f"feature {n}") for n in range(1, 50))
    assert story.state() == "open"
    story.take(settled("F", 200, "feature 0"))
    assert story.state() == "resolved"


@pytest.mark.parametrize(("every", "days"), [(1, 3), (A_DAY, 3), (7 * A_DAY, 21)], ids=["minute", "day", "week"])
def test_nothing_new_is_worth_a_word_after_some_days_and_some_paces(every: int, days: float) -> None:
    story = Story().each([window("B", 1), window("B", 1 + every), window("B", 1 + 2 * every)])
    heard, story.now = story.now, story.now + 90
    story.take(window("U", 2 + 2 * every))
    it = story.it
    assert quiet_from(it) == pytest.approx(heard + days * DAY)
    assert quiet_since(it, quiet_from(it) - 1) is None
    assert quiet_since(it, quiet_from(it)) == pytest.approx(heard)


def test_old_data_that_is_told_of_each_day_is_not_silence() -> None:
    story = Story().each(windows("BB"))
    for day in range(1, 9):
        story.now += DAY
        story.take(window("B", 2 + day * A_DAY))
    assert story.it.at < NOW - 100 * DAY
    assert quiet_since(story.it, story.now + DAY) is None
    assert quiet_since(story.it, story.now + 4 * DAY) == story.now


def test_closed_by_hand_it_opens_again_by_what_is_told_after_that_alone() -> None:
    story = Story().each(windows("BB"))
    over = closed(story.it, ANA, story.now + 5 * DAY)
    assert closed(over, ANA, story.now + 6 * DAY) is over
    assert (over.is_open, over.ended, over.news[-1].by) == (False, BY_HAND, ANA)
    assert quiet_since(over, NOW + 90 * DAY) is None
    story.incident, story.now = over, story.now + 10 * DAY
    story.each([*windows("BB"), window("B", 10)])
    assert story.state() == "resolved"
    story.take(window("B", 11))
    assert (story.state(), story.it.id != over.id) == ("open", True)
