"""When incidents open and close: N of the last M known windows of a monitor."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.incidents import MOST_PAST, Track
from bot.domain.drifting.remembering import MOST_MONITORS
from bot.domain.drifting.windows import Window
from bot.domain.policy.model_drift import IncidentRule
from tests.domain.drifting.stories import NOW, Story, parts, settled, window, windows

STRICT, EAGER = IncidentRule(opens=(3, 3), closes=(3, 3)), IncidentRule(opens=(1, 3), closes=(2, 3))


@pytest.mark.parametrize(
    ("letters", "rule", "state"),
    [
        ("", IncidentRule(), "none"),
        ("B", IncidentRule(), "none"),
        ("BB", IncidentRule(), "open"),
        ("BFB", IncidentRule(), "open"),
        ("BFFB", IncidentRule(), "none"),
        ("BUUUB", IncidentRule(), "open"),
        ("UUUU", IncidentRule(), "none"),
        ("BBFF", IncidentRule(), "open"),
        ("BBFFF", IncidentRule(), "resolved"),
        ("BBFUFUF", IncidentRule(), "resolved"),
        ("BBFFBFF", IncidentRule(), "open"),
        ("BBFFBFFF", IncidentRule(), "resolved"),
        ("BBFFFB", IncidentRule(), "resolved"),
        ("BBFFFBB", IncidentRule(), "open"),
        ("BB", STRICT, "none"),
        ("BBFB", STRICT, "none"),
        ("BBB", STRICT, "open"),
        ("B", EAGER, "open"),
        ("BF", EAGER, "open"),
        ("BFF", EAGER, "resolved"),
        ("BFBB", EAGER, "open"),
        ("BFBF", EAGER, "resolved"),
        ("BFFF", EAGER, "resolved"),
        ("BFFFB", EAGER, "open"),
    ],
)
@pytest.mark.parametrize("together", [False, True], ids=["one by one", "together"])
def test_windows_of_one_monitor(letters: str, rule: IncidentRule, state: str, *, together: bool) -> None:
    story = Story(rule)
    if together:
        story.take(*windows(letters))
    else:
        story.each(windows(letters))
    assert story.state() == state


def test_monitors_are_counted_apart() -> None:
    story = Story().each([window("B", 1, "a"), window("B", 2, "b"), window("F", 3, "a"), window("B", 4, "c")])
    assert story.incident is None


def test_every_monitor_that_said_bad_must_say_fine() -> None:
    story = Story().each([*windows("BB", monitor="a"), window("B", 3, "b"), *windows("FFF", 4, monitor="a")])
    assert story.state() == "open"
    story.each(windows("FF", 8, monitor="b"))
    assert story.state() == "open"
    story.take(window("F", 10, "b"))
    assert (story.state(), story.it.ended) == ("resolved", "3 of 3 windows of each monitor fine")


def test_who_said_fine_and_says_bad_again_before_the_others_are_done_is_not_fine() -> None:
    rule = IncidentRule(opens=(1, 1), closes=(2, 3))
    story = Story(rule).each([window("B", 1, "b"), *windows("BFFB", monitor="a"), *windows("FF", 5, monitor="b")])
    assert story.state() == "open"
    story.take(window("F", 7, "a"))
    assert story.state() == "resolved"


def test_a_monitor_that_is_gone_is_not_waited_for() -> None:
    story = Story().each([*windows("BB", monitor="a"), *windows("BB", monitor="b"), *windows("FFF", 4, monitor="a")])
    assert story.state() == "open"
    fortnight = 15 * 24 * 60
    story.take(window("F", fortnight, "a"))
    assert (story.state(), story.it.ended) == ("resolved", "3 of 3 windows fine")


def test_a_settled_source_opens_and_closes_at_once_when_its_last_alert_ends() -> None:
    story = Story().each([settled("B", 1, "x"), settled("B", 2, "y"), settled("F", 3, "x")])
    assert story.state() == "open"
    story.take(settled("F", 4, "y"))
    assert (story.state(), story.it.ended) == ("resolved", "none of its alerts fires any more")
    story.take(settled("B", 1, "x"))  # delivered again
    assert story.state() == "resolved"
    story.take(settled("B", 3.5, "z"))  # it began before the others ended, and fires still
    assert story.state() == "open"


def test_an_end_that_comes_before_its_beginning_opens_nothing() -> None:
    assert Story().each([settled("F", 5, "x"), settled("B", 2, "x")]).incident is None


@pytest.mark.parametrize(
    ("late", "state"),
    [
        ([*windows("FFF", 5), *windows("BB", 1)], "none"),
        ([*windows("F", 3), *windows("BB", 1)], "open"),
        ([*windows("BB", 10), *windows("FFF", 1)], "open"),
        ([*windows("BBFFF", 10), *windows("BBB", 1)], "resolved"),
        ([*windows("BBFFF", 10), window("B", 14.5), window("B", 13.5)], "resolved"),
    ],
    ids=["over already", "still bad", "fine before", "older than its end", "newer and older"],
)
def test_what_comes_late_is_sorted_in_by_its_own_time(late: list[Window], state: str) -> None:
    story = Story()
    for one in late:
        story.take(one)
    assert story.state() == state


LETTERS = st.lists(
    st.tuples(st.sampled_from("BFU"), st.integers(1, 12), st.sampled_from("ab"), st.booleans()), max_size=25
).map(lambda found: [settled(x, at, f"{m}!") if s else window(x, at, m) for x, at, m, s in found])


@given(LETTERS, st.randoms())
def test_together_the_order_does_not_matter(found: list[Window], chance: Random) -> None:
    one, other = Story(), Story()
    mixed = list(found)
    chance.shuffle(mixed)
    one.take(*found)
    other.take(*mixed)
    assert (one.state(), parts(one)) == (other.state(), parts(other))
    assert one.track == other.track


def test_what_is_said_twice_of_one_time_is_the_worse_of_them_whichever_stands_first() -> None:
    told = [*windows("BB", monitor="a"), window("B", 2, "b"), window("F", 2, "b")]
    for found in (told, told[::-1]):
        story = Story()
        story.take(*found)
        assert story.news() == ["opened"]


@given(LETTERS)
def test_what_is_told_again_changes_nothing(found: list[Window]) -> None:
    story = Story().each(found)
    track, incident = story.track, story.incident
    story.take(*found)
    assert story.track is track
    assert story.incident is incident


@given(st.lists(st.integers(1, 60), max_size=12))
def test_a_window_older_than_the_end_never_opens_it_again(minutes: list[int]) -> None:
    story = Story().each([*windows("BBFFF", 60)])
    assert story.state() == "resolved"
    ended = story.incident
    story.each(window("B", minute) for minute in minutes)
    assert story.incident is ended


def test_of_thousands_that_come_together_the_newest_of_each_monitor_are_looked_at() -> None:
    story, unknown = Story(), windows("U" * 900, 10_000)
    story.take(*windows("BF" * 5_000), *windows("BB", 50, monitor="slow"), *unknown)
    assert (story.state(), story.it.severity.value) == ("open", "warning")
    assert {one.monitor for one in story.it.says} == {"json:m", "json:slow"}
    assert len(story.it.past) == MOST_PAST


def test_a_track_stays_small_whatever_comes_in() -> None:
    story = Story()
    story.take(*(window("BF"[n % 2], n, f"m{n % (MOST_MONITORS + 30)}") for n in range(1, 300)))
    assert len(story.track.newest) == MOST_MONITORS
    assert len(story.track.past) <= MOST_PAST + MOST_MONITORS * 3
    assert {one.monitor for one in story.track.past} <= set(story.track.newest)
    assert isinstance(Track.model_validate_json(story.track.model_dump_json()), Track)
    assert story.track.at > NOW


def test_what_is_kept_does_not_grow_with_what_is_told_and_keeps_who_says_little() -> None:
    story = Story().each([*windows("BFBF", 1, monitor="slow"), *windows("F" * 3 * MOST_PAST, 10)])
    kept = [one.monitor for one in story.track.past]
    assert (len(kept), kept.count("json:slow")) == (MOST_PAST + 3, 3)
