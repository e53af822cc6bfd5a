"""What is said of an incident, and what it shows."""

from __future__ import annotations

import pytest

from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.resolving import REOPENS, after_change
from bot.domain.drifting.saying import as_open, in_short, standing
from bot.domain.drifting.snoozing import snoozed, taken
from bot.domain.drifting.windows import Kind, Reading, Severity, Shape, Verdict, Window
from tests.domain.drifting.stories import ANA, BEN, NOW, Story, settled, window, windows


def scores(*found: float, start: int = 1) -> list[Window]:
    return [window("B", start + place, score=score) for place, score in enumerate(found)]


@pytest.mark.parametrize(
    ("found", "news"),
    [
        ((1.1, 1.2), ["opened"]),
        ((1.1, 1.2, 1.7), ["opened"]),
        ((1.1, 1.2, 1.8), ["opened", "worse"]),
        ((1.1, 1.2, 1.8, 1.9, 1.8), ["opened", "worse"]),
        ((1.1, 1.2, 1.8, 1.0, 1.8), ["opened", "worse"]),
        ((1.1, 1.2, 1.8, 2.7), ["opened", "worse", "worse"]),
        ((1.1, 1.2, 3.0), ["opened", "critical"]),
        ((1.1, 1.2, 3.0, 4.4), ["opened", "critical"]),
        ((1.1, 1.2, 3.0, 4.5), ["opened", "critical", "worse"]),
        ((9.0, 9.0), ["opened"]),
    ],
)
def test_worse_is_said_at_each_step_of_the_factor_and_critical_once(found: tuple[float, ...], news: list[str]) -> None:
    story = Story().each(scores(*found))
    assert story.news() == news
    assert (story.it.severity is Severity.CRITICAL) == (max(found) >= 3)
    assert len({one.mark for one in story.it.news}) == len(news)
    assert (story.it.score, story.it.peak) == (found[-1], max(found))


def test_severity_is_the_windows_own_too_and_never_falls_while_it_is_open() -> None:
    story = Story().each([*windows("BB"), settled("B", 3, "alert", severity=Severity.CRITICAL), *scores(1.0, start=4)])
    assert story.news() == ["opened", "critical"]
    story.take(settled("F", 5, "alert"))
    assert story.it.severity is Severity.CRITICAL


def test_monitors_that_contradict_each_other_are_told_once_and_the_worse_counts() -> None:
    story = Story().each([*windows("BB", monitor="a"), window("F", 3, "b"), *windows("BB", 4, monitor="a")])
    story.take(window("F", 6, "b"))
    assert story.news() == ["opened", "contradicted"]
    assert story.it.news[1].words == "json a says bad, json b says fine"
    assert [(one.monitor, one.verdict) for one in story.it.says] == [("json:a", Verdict.BAD), ("json:b", Verdict.FINE)]


def test_who_was_bad_before_or_is_about_something_else_contradicts_nobody() -> None:
    story = Story().each([window("F", 0, "old"), *windows("BB", monitor="a"), window("B", 3, "b"), window("F", 4, "b")])
    story.take(settled("F", 5, "alert"))
    assert story.news() == ["opened"]


def test_it_opens_again_on_its_card_within_an_hour_and_is_quiet_once_it_flaps() -> None:
    story, at = Story().each(windows("BBFFF")), 10
    first = story.it
    for _ in range(5):
        story.each([*windows("BB", at), *windows("FFF", at + 2)])
        at += 10
    assert story.it.id == first.id
    assert story.news() == ["opened", "resolved", "reopened", "resolved", "reopened"]
    assert story.it.news[-1].words == "It opens and closes again and again."
    assert story.it.flaps(story.now)
    assert not story.it.flaps(story.now + REOPENS + 1)
    story.now += REOPENS + 1
    story.each(windows("BB", at))
    assert (story.it.id != first.id, story.news(), story.it.flaps(story.now)) == (True, ["opened"], False)


def test_what_goes_on_for_long_after_it_flapped_says_that_it_is_over() -> None:
    story = Story().each([*windows("BBFFF"), *windows("BBFFF", 10), *windows("BB", 20)])
    story.now += REOPENS + 1
    story.each(windows("FFF", 30))
    assert story.news()[-1] == "resolved"


def test_an_incident_joins_the_card_and_the_owner_of_another_kind() -> None:
    drift = Story().each(windows("BB")).it
    beside = taken(drift, ANA, 5.0)
    story = Story(beside=(beside,)).each(windows("BB", kind=Kind.DRIFT))
    assert (story.it.card, story.it.owner, story.it.state) == (drift.id, ANA, IncidentState.ACKNOWLEDGED)
    assert Story().each(windows("BB")).it.owner is None


def reading(feature: str, score: float, verdict: Verdict = Verdict.BAD) -> Reading:
    return Reading(feature=feature, method="psi", value=score / 5, threshold=0.2, verdict=verdict, score=score)


def shape(feature: str) -> Shape:
    return Shape(feature=feature, labels=("x",), reference=(1.0,), current=(1.0,))


def test_it_keeps_the_figures_of_each_monitors_newest_bad_window_by_rank() -> None:
    a = {"readings": (reading("x", 1.5), reading("z", 0.2, Verdict.FINE)), "total": 9, "bad": 1, "url": "https://a"}
    b = {"readings": (reading("y", 2.0), reading("x", 1.1)), "shapes": (shape("x"), shape("y")), "message": "b!"}
    story = Story().each([window("B", 1, "a"), window("B", 2, "a", **a), window("B", 3, "b", score=2.0, **b)])
    found = [(one.feature, one.score) for one in story.it.readings]
    assert found == [("y", 2.0), ("x", 1.5), ("z", 0.2)]
    assert [one.feature for one in story.it.shapes] == ["y", "x"]
    assert (story.it.message, story.it.url, story.it.total, story.it.bad) == ("b!", "https://a", 9, 1)
    story.each([window("F", 4, "a"), window("F", 5, "b")])  # of those that are bad still; then what it was
    assert [(one.feature, one.score) for one in story.it.readings] == [("y", 2.0), ("x", 1.1)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (("age", "zip"), ("age", "zip_code"), "no more told of: zip; new: zip_code"),
        (("age", "zip"), ("age",), "no more told of: zip"),
        (("age",), ("a", "age", "b", "c", "d"), "new: a, b, c and 1 more"),
        (("age",), ("age",), ""),
    ],
)
def test_a_feature_that_is_renamed_or_gone_is_noted(before: tuple[str], after: tuple[str], words: str) -> None:
    first, second = ([reading(name, 1.5) for name in names] for names in (before, after))
    story = Story().each([
        window("B", 1, readings=tuple(first), total=len(first)),
        window("B", 2, readings=tuple(second), total=len(second)),
    ])  # fmt: skip
    assert [one.words for one in story.it.notes] == ([words] if words else [])


def test_where_more_was_told_than_is_kept_nobody_knows_what_is_gone() -> None:
    story = Story().each([
        window("B", 1, readings=(reading("x", 2.0),), total=60),
        window("B", 2, readings=(reading("y", 2.0),), total=60),
    ])  # fmt: skip
    assert story.it.notes == ()


def test_what_went_in_meanwhile_is_told_with_its_end() -> None:
    over = Story().each(windows("BBFFF")).it
    assert over.resolved is not None
    assert after_change(over, "43", over.resolved - 1).after_version == "43"
    for outside in (over.opened - 1, over.resolved + 1):
        assert after_change(over, "43", outside).after_version is None
    assert over.ended == "3 of 3 windows fine"


def test_in_a_few_words() -> None:
    found = (reading("country <b>\n@here", 1.6), reading("x", 1.2))
    it = Story().each([window("B", 1), window("B", 2, readings=found, total=50, bad=12)]).it
    assert in_short(it) == "country <b> @here psi 0.32, limit 0.2 (+11 more)"
    assert standing(it, it.opened) == "open, warning"
    assert standing(it, it.opened + 9 * 86400) == "open, warning, nothing new is told"
    assert in_short(Incident.model_validate(it.model_dump() | {"readings": (), "message": "98%\nnull"})) == "98% null"


def test_what_gates_show_changes_when_people_are_told_that_it_is_worse_and_not_with_each_window() -> None:
    story, seen = Story(), list[str]()
    for place, score in enumerate((1.2, 1.3, 1.25, 1.4, 2.1, 1.9, 2.2)):
        readings = (reading(f"x{place}", score),)
        story.take(window("B", place, score=score, readings=readings, total=1, bad=1))
        seen += [as_open(story.it).words] if story.incident else []
    assert seen == ["warning, 1.3 times its limit"] * 3 + ["warning, 2.1 times its limit"] * 3
    found = as_open(story.it)
    assert (found.kind, found.since, found.url) == ("drift", story.it.opened, None)
    assert as_open(Story().each([settled("B", 1, "a", severity=Severity.CRITICAL)]).it).words == "critical"


def test_what_comes_back_worse_breaks_the_snooze_that_still_holds() -> None:
    story = Story().each([settled("B", 1, "x")])
    story.incident = snoozed(story.it, ANA, story.now + 9e5, None, story.now)
    story.each([settled("F", 2, "x"), settled("B", 3, "x")])
    assert (story.state(), story.news()) == ("snoozed", ["opened", "snoozed"])
    story.each([settled("F", 4, "x"), settled("B", 5, "x", severity=Severity.CRITICAL)])
    assert (story.state(), story.news()) == ("open", ["opened", "snoozed", "snooze_broke"])


@pytest.mark.parametrize(("later", "joins"), [(6 * 86400.0, True), (8 * 86400.0, False)])
def test_what_opens_weeks_later_has_a_card_of_its_own(later: float, joins: bool) -> None:
    service = Story().each(windows("BB")).it.model_copy(update={"opened": NOW - later, "id": "S", "card": "S"})
    drift = Story(beside=(service,)).each(windows("BB")).it
    assert (drift.card == "S") == joins


def test_taking_it_on_twice_is_said_once_and_somebody_else_may_take_it_over() -> None:
    it = Story().each(windows("BB")).it
    mine = taken(it, ANA, 10.0)
    assert taken(mine, ANA, 11.0) is mine
    theirs = taken(mine, BEN, 12.0)
    assert [(one.kind, one.by) for one in theirs.news[1:]] == [("taken", ANA), ("taken", BEN)]
