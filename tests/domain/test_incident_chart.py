"""Which distributions are drawn, and how they are told to those who cannot see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import FeatureShapes
from bot.domain.charting import words
from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.windows import Kind, Reading, Severity, Shape, Verdict
from bot.domain.incident_chart import BINS, CATEGORIES, PANELS, percent, shapes_of

READING = Reading(feature="amount", method="psi", value=0.6, threshold=0.2, verdict=Verdict.BAD, score=3.0)


def incident(*shapes: Shape) -> Incident:
    return Incident(
        id="01A",
        model="fraud",
        environment="production",
        kind=Kind.DRIFT,
        state=IncidentState.OPEN,
        severity=Severity.WARNING,
        opened=0,
        channel="#c",
        card="01A",
        readings=(READING,),
        shapes=shapes,
    )


def panels(*shapes: Shape) -> FeatureShapes:
    found = shapes_of(incident(*shapes))
    assert found is not None
    return found


NOTHING = {
    "no bins": Shape(feature="a", reference=(), current=()),
    "sides differ": Shape(feature="a", labels=("x", "y"), reference=(1.0,), current=(0.5, 0.5)),
    "all are zero": Shape(feature="a", labels=("x",), reference=(0.0,), current=(0.0,)),
    "no names": Shape(feature="a", reference=(1.0,), current=(1.0,)),
    "edges fall": Shape(feature="a", edges=(2.0, 1.0), reference=(1.0,), current=(1.0,)),
    "edges are too few": Shape(feature="a", edges=(1.0, 2.0), reference=(0.5, 0.5), current=(0.5, 0.5)),
}


@pytest.mark.parametrize("case", NOTHING)
def test_what_says_nothing_is_not_drawn(case: str) -> None:
    assert shapes_of(incident(NOTHING[case])) is None


def test_numbers() -> None:
    chart = panels(Shape(feature="amount", edges=(0, 1, 2), reference=(0.9, 0.1), current=(0.1, 0.9)))
    assert chart.title == "Drift of fraud, production"
    [panel] = chart.panels
    assert (panel.name, panel.note, panel.edges) == ("amount", "psi 0.6, limit 0.2", (0, 1, 2))
    assert words(chart) == (
        "Drift of fraud, production: reference against current, the worst feature first. "
        "amount (psi 0.6, limit 0.2): 0 to 1 90 % → 10 %, 1 to 2 10 % → 90 %."
    )


def test_more_bins_than_can_be_told_apart_are_merged() -> None:
    many = 100
    shape = Shape(
        feature="a", edges=tuple(range(many + 1)), reference=(1 / many,) * many, current=(0.0,) * (many - 1) + (1.0,)
    )
    [panel] = panels(shape).panels
    assert len(panel.reference) <= BINS
    assert len(panel.edges) == len(panel.reference) + 1
    assert (panel.edges[0], panel.edges[-1]) == (0, many)
    assert sum(panel.reference) == pytest.approx(1.0)
    assert panel.current[-1] == 1.0


def test_more_categories_than_there_is_room_for_are_one_row() -> None:
    labels = tuple(f"c{place}" for place in range(20))
    [panel] = panels(Shape(feature="a", labels=labels, reference=(0.05,) * 20, current=(0.0,) * 19 + (1.0,))).panels
    assert len(panel.labels) == CATEGORIES
    assert (panel.labels[0], panel.labels[-1]) == ("c19", "all others (13)")
    assert sum(panel.reference) == pytest.approx(1.0)


def test_only_the_worst_few_are_drawn() -> None:
    shapes = [Shape(feature=f"f{place}", labels=("x",), reference=(1.0,), current=(1.0,)) for place in range(9)]
    assert [panel.name for panel in panels(*shapes).panels] == [f"f{place}" for place in range(PANELS)]


@pytest.mark.parametrize(("share", "shown"), [(0.0, "0 %"), (0.004, "0.4 %"), (0.0996, "10 %"), (0.98, "98 %")])
def test_shares(share: float, shown: str) -> None:
    assert percent(share) == shown


share = st.floats(0, 1)
SHAPE = st.builds(
    Shape,
    feature=st.text(max_size=80),
    edges=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=6, unique=True).map(sorted).map(tuple),
    labels=st.lists(st.text(max_size=30), max_size=5).map(tuple),
    reference=st.lists(share, max_size=5).map(tuple),
    current=st.lists(share, max_size=5).map(tuple),
)


@given(st.lists(SHAPE, max_size=6))
def test_any_shapes_are_panels_that_fit_together(shapes: list[Shape]) -> None:
    found = shapes_of(incident(*shapes))
    for panel in found.panels if found else ():
        assert len(panel.reference) == len(panel.current)
        assert len(panel.labels or panel.edges[1:]) == len(panel.reference)
    assert found is None or len(words(found)) <= 1000
