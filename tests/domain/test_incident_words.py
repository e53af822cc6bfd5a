"""Incidents in words: bars, figures, who is called for what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.incidents import Incident, IncidentState, Past
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.domain.incident_cards import IncidentCard, ProblemLine
from bot.domain.incident_words import (
    SHOWN,
    aspect_of,
    figure_of,
    headline,
    joined,
    ranked,
    spark,
    subject_of,
    windows_words,
    worst_of,
)

FINE, BAD, UNKNOWN = Verdict.FINE, Verdict.BAD, Verdict.UNKNOWN


def past(*windows: tuple[Verdict, float | None]) -> list[Past]:
    return [Past(at=at, monitor="e:w", verdict=verdict, score=score) for at, (verdict, score) in enumerate(windows)]


SPARKS: list[tuple[list[tuple[Verdict, float | None]], str]] = [
    ([], ""),
    ([(FINE, 0.0), (FINE, 0.5), (FINE, 1.0)], "▁▃▄"),
    ([(BAD, 1.0), (BAD, 2.0), (BAD, 4.0)], "▅▆█"),
    ([(BAD, 1.2)], "▅"),  # a little beyond the limit is no tower
    ([(FINE, None), (BAD, None), (UNKNOWN, None), (UNKNOWN, 9.0)], "▂▆··"),
    ([(FINE, 5.0), (BAD, 0.1)], "▄▅"),  # the verdict counts, whatever the score says
    ([(FINE, 0.1)] * 30, "▁" * SHOWN),
]


@pytest.mark.parametrize(("windows", "shown"), SPARKS, ids=[str(place) for place in range(len(SPARKS))])
def test_bars(windows: list[tuple[Verdict, float | None]], shown: str) -> None:
    assert spark(past(*windows)) == shown


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.none() | st.floats(0, 1000)), max_size=80))
def test_any_windows_are_bars(windows: list[tuple[Verdict, float | None]]) -> None:
    shown = spark(past(*windows))
    assert len(shown) == min(len(windows), SHOWN)
    assert all((bar in "▅▆▇█") == (one[0] is BAD) for bar, one in zip(shown, windows[-SHOWN:], strict=True))


def reading(feature: str, verdict: Verdict = BAD, score: float | None = None, **more: object) -> Reading:
    return Reading.model_validate(
        {"feature": feature, "method": "psi", "value": 0.4, "verdict": verdict} | more
    ).model_copy(update={"score": score})


def test_rank() -> None:
    found = [
        reading("a", FINE, 0.9),
        reading("b", BAD, 1.5),
        reading("c", BAD, 2.0),
        reading("d", BAD),
        reading("e", UNKNOWN),
    ]
    assert [one.feature for one in ranked(found)] == ["c", "b", "d", "a", "e"]
    assert [one.feature for one in worst_of(found, 3)] == ["c", "b", "d"]
    assert [one.feature for one in worst_of(found[:1], 3)] == ["a"]


@pytest.mark.parametrize(
    ("one", "subject", "figure"),
    [
        (reading("age", threshold=0.2, note="new: XX"), "age", "psi 0.4, limit 0.2 (new: XX)"),
        (reading(""), "the model as a whole", "psi 0.4"),
        (reading("", prediction=True), "the prediction", "psi 0.4"),
        (reading("score", prediction=True, value=None), "score (prediction)", "psi has no value"),
    ],
    ids=["feature", "model", "prediction", "no value"],
)
def test_a_reading(one: Reading, subject: str, figure: str) -> None:
    assert (subject_of(one), figure_of(one)) == (subject, figure)


def incident(kind: Kind, *readings: Reading) -> Incident:
    return Incident(
        id="01A",
        model="m",
        environment="e",
        kind=kind,
        state=IncidentState.OPEN,
        severity=Severity.WARNING,
        opened=0,
        channel="#c",
        card="01A",
        readings=readings,
    )


@pytest.mark.parametrize(
    ("one", "aspect"),
    [
        (incident(Kind.DRIFT), "drift"),
        (incident(Kind.DATA_QUALITY), "data quality"),
        (incident(Kind.PERFORMANCE), "performance"),
        (incident(Kind.SERVICE), "service"),
        (incident(Kind.SERVICE, reading("p99 latency")), "latency"),
        (incident(Kind.SERVICE, reading("latency", FINE), reading("5xx error rate")), "errors"),
        (incident(Kind.SERVICE, reading("request_duration_seconds")), "latency"),
    ],
    ids=["drift", "quality", "performance", "service", "latency", "the bad one counts", "duration"],
)
def test_aspects(one: Incident, aspect: str) -> None:
    assert aspect_of(one) == aspect


def card(*aspects: str, state: IncidentState = IncidentState.OPEN, model: str = "fraud") -> IncidentCard:
    lines = tuple(ProblemLine(Kind.DRIFT, aspect, state, Severity.CRITICAL, 0.0) for aspect in aspects)
    return IncidentCard("01A", model, "production", lines)


def test_many_problems_are_counted_where_their_names_are_too_long() -> None:
    found = headline(card("drift", "data quality", "performance", state=IncidentState.SNOOZED))
    assert found == "3 critical problems, snoozed: fraud, production"


@given(
    st.lists(st.sampled_from(["drift", "latency", "data quality", "performance"]), min_size=1, max_size=4),
    st.sampled_from(IncidentState),
    st.text("mn-", min_size=1, max_size=100),
)
def test_the_headline_is_short_and_names_the_environment(aspects: list[str], state: IncidentState, model: str) -> None:
    found = headline(card(*aspects, state=state, model=model))
    assert found.endswith(", production")
    assert len(found) <= 60
    assert ("Resolved" in found) == (state is IncidentState.RESOLVED)


def test_small_words() -> None:
    assert (joined(["drift"]), joined(["drift", "latency", "errors"])) == ("drift", "drift, latency and errors")
    assert (windows_words(1, 0), windows_words(12, 5)) == ("last 1 window, 0 bad", "last 12 windows, 5 bad")
