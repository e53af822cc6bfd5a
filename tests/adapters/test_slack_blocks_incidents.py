"""What an incident looks like: within Slack's rules whatever a monitor says, at most three buttons, and in words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack_blocks import render, render_form
from bot.domain.drifting.incidents import IncidentSnooze, IncidentState
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.domain.forms import Choice, SnoozeIncidentForm
from bot.domain.incident_cards import FeatureTable, IncidentCard, MonitorLine, ProblemLine
from bot.domain.people import Person
from tests.support.slack_contract import check_message, check_view

ANA = Person(team="T1", user="U0ANA")
URL = "https://monitor.example/1"
WORST = (
    Reading(feature="country_code", method="psi", value=0.42, threshold=0.2, verdict=Verdict.BAD, note="98 % null"),
    Reading(feature="", method="share", value=0.6, threshold=0.5, verdict=Verdict.BAD),
)
PROBLEM = ProblemLine(
    Kind.DRIFT,
    "drift",
    IncidentState.OPEN,
    Severity.WARNING,
    1_800_000_000.0,
    score=2.3,
    peak=3.1,
    beyond=12,
    total=50,
    worst=WORST,
    spark="▁▃▄▅█",
    windows=5,
    bad=2,
)
CARD = IncidentCard("01A", "fraud-detector", "production", (PROBLEM,), version="42", since=1_790_000_000.0)


def words(card: IncidentCard | FeatureTable) -> str:
    shown = render(card)
    check_message(shown)
    return json.dumps(shown["blocks"], ensure_ascii=False)


def buttons(card: IncidentCard) -> tuple[list[str], list[str]]:
    """What the buttons say, and what the menu does."""
    shown = render(card)
    check_message(shown)
    found = shown["blocks"][-1]
    elements = found["elements"] if found["type"] == "actions" else []
    plain = [one["text"]["text"] for one in elements if one["type"] == "button"]
    menus = [one["text"]["text"] for more in elements if more["type"] == "overflow" for one in more["options"]]
    return plain, menus


def test_it_reads_as_it_should() -> None:
    card = replace(CARD, monitors=(MonitorLine("evidently weekly", "drift", Verdict.BAD, 1_800_000_000.0, URL),))
    shown = render(card)
    assert shown["text"] == (
        "Drift: fraud-detector, production · 42 serves · Score 2.3 (limit 1, worst so far 3.1) · 12 of 50 beyond their "
        "limits: country_code"
    )
    said = words(card)
    assert "• *country_code*: psi 0.42, limit 0.2 (98 % null)" in said
    assert "• *the model as a whole*: share 0.6, limit 0.5" in said
    assert "▁▃▄▅█  last 5 windows, 2 bad" in said
    assert f"<{URL}|evidently weekly>: bad (<!date^1800000000" in said
    assert "Version 42 serves, since <!date^1790000000" in said
    assert "Since <!date^1800000000" in said


def test_the_score_and_what_was_beyond_do_not_contradict_each_other() -> None:
    fine = words(replace(CARD, problems=(replace(PROBLEM, score=0.3),)))
    assert "Score 0.3 (limit 1, worst so far 3.1) · when last bad, 12 of 50 were beyond their limits" in fine
    assert "1 of 1" not in words(replace(CARD, problems=(replace(PROBLEM, total=1, beyond=1),)))


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "open": ({}, "Drift: fraud-detector, production"),
    "critical": ({"severity": Severity.CRITICAL}, "Critical drift: fraud-detector, production"),
    "acknowledged": ({"state": IncidentState.ACKNOWLEDGED}, "Drift, acknowledged: fraud-detector, production"),
    "snoozed": ({"state": IncidentState.SNOOZED}, "Drift, snoozed: fraud-detector, production"),
    "resolved": ({"state": IncidentState.RESOLVED}, "Resolved drift: fraud-detector, production"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_first_sixty_characters_say_state_model_and_environment(state: str) -> None:
    fields, wanted = STATES[state]
    assert render(replace(CARD, problems=(replace(PROBLEM, **fields),)))["text"][:60].startswith(wanted)


def test_a_long_name_gives_way_to_the_state_and_the_environment() -> None:
    text = render(replace(CARD, model="m" * 100))["text"]
    assert text.startswith("Drift: mmm")
    assert "…, production" in text[:60]


def test_two_problems_each_with_its_own_state() -> None:
    slow = replace(PROBLEM, kind=Kind.SERVICE, aspect="latency", state=IncidentState.SNOOZED, worst=())
    card = replace(CARD, problems=(PROBLEM, slow))
    assert render(card)["text"].startswith("Drift and latency: fraud-detector, production")
    assert "*Latency* (snoozed)" in words(card)


def test_who_is_on_it_and_who_wants_quiet() -> None:
    snooze = IncidentSnooze(until=1_800_009_000.0, since=1_800_000_000.0, by=ANA, why="<!here> holidays")
    said = words(replace(CARD, problems=(replace(PROBLEM, state=IncidentState.SNOOZED, owner=ANA, snooze=snooze),)))
    assert "<@U0ANA> is on it." in said
    assert "Snoozed by <@U0ANA> until <!date^1800009000" in said
    assert "“&lt;!here&gt; holidays”" in said


def test_how_it_ended() -> None:
    over = replace(
        PROBLEM,
        state=IncidentState.RESOLVED,
        resolved=1_800_012_000.0,
        ended="3 of 3 windows fine",
        after="43",
        owner=ANA,
    )
    said = words(replace(CARD, problems=(over,)))
    assert "Resolved after 3 h 20 min. 3 of 3 windows fine. While it was open, 43 went in." in said
    alert = replace(over, ended="the alert fires no more", after="")
    assert "Resolved after 3 h 20 min. The alert fires no more." in words(replace(CARD, problems=(alert,)))
    assert "<@U0ANA> was on it." in said


ALL: dict[str, Any] = {"back_to": "41", "can_retrain": True, "url": URL}
MINE = replace(PROBLEM, owner=ANA, state=IncidentState.ACKNOWLEDGED)
OVER = replace(PROBLEM, state=IncidentState.RESOLVED, resolved=1.8e9)
CLICKS: dict[str, tuple[ProblemLine, dict[str, Any], list[str], list[str]]] = {
    "all": (PROBLEM, ALL, ["I'm on it", "Snooze", "Roll back to 41"], ["Retrain", "Details", "Open the monitor"]),
    "mine": (MINE, ALL, ["Snooze", "Retrain", "Roll back to 41"], ["Details", "Take it over", "Open the monitor"]),
    "nothing to go back to": (PROBLEM, {}, ["I'm on it", "Snooze", "Details"], []),
    "no training": (PROBLEM, {"back_to": "41"}, ["I'm on it", "Snooze", "Roll back to 41"], ["Details"]),
    "over": (OVER, ALL, ["Details", "Open the monitor"], []),
    "snoozed": (
        replace(PROBLEM, state=IncidentState.SNOOZED),
        {},
        ["I'm on it", "Snooze again", "Details"],
        [],
    ),
}


@pytest.mark.parametrize("case", CLICKS)
def test_what_can_be_clicked(case: str) -> None:
    problem, fields, plain, menu = CLICKS[case]
    assert buttons(replace(CARD, problems=(problem,), **fields)) == (plain, menu)


def test_a_card_that_a_storm_took_over_only_points_there() -> None:
    card = replace(CARD, stormed=True, **ALL)
    assert buttons(card) == ([], [])
    assert "see their common card" in words(card)


def test_a_card_that_had_to_go_elsewhere_says_so() -> None:
    assert "Meant for #fraud, where the bot cannot write." in words(replace(CARD, instead_of="#fraud"))


def test_the_table_of_features() -> None:
    table = FeatureTable("Drift of fraud", 1_800_000_000.0, WORST, left=10, url=URL)
    said = words(table)
    assert "1. *country_code*: psi 0.42, limit 0.2 (98 % null)" in said
    assert "… and 10 more" in said
    assert render(table)["text"] == "Drift of fraud: country_code, the model as a whole"


def test_the_form_of_a_snooze() -> None:
    form = SnoozeIncidentForm("fraud in production", (Choice("4 hours", "4h"), Choice("1 day", "1d")), "01A", "", "C1")
    view = render_form(form)
    check_view(view)
    assert [block.get("block_id") for block in view["blocks"]][1:] == ["span", "until", "reason"]
    assert json.loads(view["private_metadata"]) == {"i": "01A", "ch": "C1"}


TEXT = st.text(max_size=400)
FIGURE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
READING = st.builds(
    Reading, feature=TEXT, method=TEXT, value=FIGURE, threshold=FIGURE, verdict=st.sampled_from(Verdict), note=TEXT
)
SNOOZE = st.builds(
    IncidentSnooze, until=st.floats(0, 5e9), since=st.just(0.0), by=st.just(ANA), why=st.none() | TEXT, score=FIGURE
)
LINE = st.builds(
    ProblemLine,
    kind=st.sampled_from(Kind),
    aspect=st.sampled_from(["drift", "latency", "data quality"]),
    state=st.sampled_from(IncidentState),
    severity=st.sampled_from(Severity),
    opened=st.floats(0, 5e9),
    score=FIGURE,
    peak=FIGURE,
    worst=st.lists(READING, max_size=3).map(tuple),
    spark=st.text("▁▄█·", max_size=24),
    message=TEXT,
    notes=st.lists(TEXT, max_size=4).map(tuple),
    owner=st.none() | st.just(ANA),
    snooze=st.none() | SNOOZE,
    resolved=st.none() | st.floats(0, 5e9),
    ended=TEXT,
    after=TEXT,
)
MONITOR = st.builds(MonitorLine, TEXT, st.just("drift"), st.sampled_from(Verdict), st.floats(0, 5e9), TEXT)
ANY_CARD = st.builds(
    IncidentCard,
    st.just("01A"),
    TEXT,
    TEXT,
    st.lists(LINE, min_size=1, max_size=8).map(tuple),
    st.lists(MONITOR, max_size=12).map(tuple),
    st.none() | TEXT,
    st.none() | st.floats(0, 5e9),
    st.none() | TEXT,
    st.booleans(),
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.booleans(),
)


@given(ANY_CARD)
def test_slack_takes_any_card(card: IncidentCard) -> None:
    shown = render(card)
    check_message(shown)
    plain, menu = buttons(card)
    assert len(plain) <= 3
    assert len(menu) <= 5
    said = json.dumps(shown["blocks"])
    assert "<!channel>" not in said


@given(TEXT, st.lists(READING, max_size=60).map(tuple), TEXT, TEXT)
def test_slack_takes_any_table(title: str, readings: tuple[Reading, ...], note: str, url: str) -> None:
    check_message(render(FeatureTable(title, 1.8e9, readings, 3, note, url)))
