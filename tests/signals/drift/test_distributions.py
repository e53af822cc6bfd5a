"""Distributions told beside a report, or in the plain JSON: for the chart of Details."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.windows import Kind, Severity, Shape
from bot.domain.incident_chart import shapes_of
from bot.signals import drift
from bot.signals.drift import plain
from bot.signals.drift.distributions import BINS, MOST
from bot.signals.drift.plain_out import plain_of
from bot.signals.reading import BadBody
from tests.signals.anything import bodies
from tests.signals.drift.recorded_reports import ABOUT, recorded

AMOUNT = {"feature": "amount", "edges": [0, 10, 20.5], "reference": [700, 300], "current": [1, 3]}
COUNTRY = {"feature": "country_code", "labels": ["DE", "FR\n"], "reference": [0.75, 0.25], "current": [0, 0]}
SHAPES = (
    Shape(feature="amount", edges=(0, 10, 20.5), reference=(0.7, 0.3), current=(0.25, 0.75)),
    Shape(feature="country_code", labels=("DE", "FR"), reference=(0.75, 0.25), current=(0, 0)),
)
PLAIN = {"model": "churn", "environment": "production", "features": [{"name": "amount", "value": 2, "threshold": 1}]}


def test_beside_a_report_and_in_the_plain_json() -> None:
    (beside,) = drift.parse("", {"shapes": [AMOUNT, COUNTRY], "report": recorded("evidently_drifted")}, ABOUT)
    (own,) = drift.parse("", PLAIN | {"shapes": [AMOUNT, COUNTRY, AMOUNT]}, ABOUT)
    assert beside.shapes == own.shapes == SHAPES


def test_a_chart_is_drawn_of_them() -> None:
    (window,) = drift.parse("", PLAIN | {"shapes": [AMOUNT]}, ABOUT)
    fields = {"id": "1", "card": "1", "opened": 1.0, "channel": "#ml", "shapes": window.shapes}
    about = {"model": "churn", "environment": "production", "kind": Kind.DRIFT}
    chart = shapes_of(
        Incident.model_validate(fields | about | {"state": IncidentState.OPEN, "severity": Severity.WARNING})
    )
    assert chart is not None
    assert [(panel.name, panel.current) for panel in chart.panels] == [("amount", (0.25, 0.75))]


def test_they_belong_to_the_newest_window_that_tells_of_the_feature() -> None:
    body = {"shapes": [AMOUNT, {**COUNTRY, "feature": "nobody"}], "report": recorded("nannyml_univariate")}
    windows = drift.parse("", body, ABOUT)
    assert [[shape.feature for shape in one.shapes] for one in windows] == [[], [], [], ["amount"]]
    both = drift.parse("", {"shapes": [AMOUNT], "report": recorded("evidently04_tests")}, ABOUT)
    assert {one.kind.value: len(one.shapes) for one in both} == {"drift": 1, "data_quality": 1}


def test_what_a_window_tells_itself_counts_more() -> None:
    other = {**AMOUNT, "current": [1, 0]}
    (window,) = drift.parse("", {"shapes": [AMOUNT], "report": PLAIN | {"shapes": [other]}}, ABOUT)
    assert window.shapes[0].current == (1, 0)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"labels": ["a", "b"]}, "not both"),
        ({"edges": None}, "edges or labels"),
        ({"edges": [0, 1]}, "edges that rise"),
        ({"edges": [0, 2, 1]}, "edges that rise"),
        ({"edges": [0, 1, 1]}, "edges that rise"),
        ({"edges": [0, 1, float("nan")]}, "edges"),
        ({"current": [1]}, "same number"),
        ({"current": [1, -1]}, "current"),
        ({"current": [1, True]}, "current"),
        ({"current": [1, "2"]}, "current"),
        ({"current": [1, float("inf")]}, "current"),
        ({"current": [1, 1e300]}, "current"),
        ({"reference": [], "current": [], "edges": [0]}, "reference"),
        ({"edges": None, "labels": ["a"]}, "as many labels"),
        ({"feature": ""}, "feature"),
        ({"bins": 3}, "bins"),
        ({"edges": list(range(BINS + 2)), "reference": [1] * (BINS + 1), "current": [1] * (BINS + 1)}, "edges"),
    ],
)
def test_what_is_wrong_is_named(more: dict[str, Any], words: str) -> None:
    for body in ({"shapes": [AMOUNT | more], "report": PLAIN}, PLAIN | {"shapes": [AMOUNT | more]}):
        with pytest.raises(BadBody, match=f"shapes: .*{words}"):
            drift.parse("", body, ABOUT)


def test_five_and_no_more_and_not_as_a_parameter_of_the_url() -> None:
    many = [AMOUNT | {"feature": f"f{number}"} for number in range(MOST + 1)]
    assert len(plain.parse(PLAIN | {"shapes": many[:MOST]}, ABOUT)[0].shapes) == MOST
    with pytest.raises(BadBody, match="shapes"):
        plain.parse(PLAIN | {"shapes": many}, ABOUT)
    with pytest.raises(BadBody, match="shapes"):
        drift.given({"shapes": "[]"})


def test_what_a_run_found_is_told_with_them_as_far_as_they_can_be_told() -> None:
    (window,) = drift.parse("", PLAIN, ABOUT)
    flat = Shape(feature="flat", edges=(1, 1), reference=(1,), current=(1,))
    written = plain_of(window.model_copy(update={"shapes": (flat, *SHAPES)}))
    assert plain.parse(written, ABOUT)[0].shapes == SHAPES


@given(st.lists(bodies(*AMOUNT, *COUNTRY), max_size=6))
def test_any_shapes(shapes: list[Any]) -> None:
    try:
        (window,) = plain.parse(PLAIN | {"shapes": shapes}, ABOUT)
    except BadBody:
        return
    for shape in window.shapes:
        assert all(sum(side) == pytest.approx(1) or not any(side) for side in (shape.reference, shape.current))
