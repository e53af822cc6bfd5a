"""What is wrong with a target now, out of what was told about it in any order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signal import Phase, Signal
from bot.domain.troubles import troubles

A, C, D, X, H, Y, G = (
    Phase.ALERT,
    Phase.CALM,
    Phase.DEGRADED,
    Phase.FAILED,
    Phase.HEALTHY,
    Phase.SYNCED,
    Phase.PROGRESSING,
)


def said(*phases: Phase, app: str = "app", start: float = 1.0, kind: str | None = None) -> list[Signal]:
    return [
        Signal(source="s", application=app, phase=phase, at=start + place, message=f"{phase.value} {place}", kind=kind)
        for place, phase in enumerate(phases)
    ]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(said(H, G, Y), [], id="all well"),
        pytest.param(said(A, kind="drift"), [("drift", 1.0, "alert 0")], id="an alert fires"),
        pytest.param(said(A), [("health", 1.0, "alert 0")], id="an alert that does not say its kind"),
        pytest.param(said(A, C, kind="drift"), [], id="an alert was resolved"),
        pytest.param(said(A, C, A), [("health", 3.0, "alert 2")], id="it fires again"),
        pytest.param(said(A, A), [("health", 1.0, "alert 0")], id="since it fired first"),
        pytest.param(said(C), [], id="only the end was heard"),
        pytest.param(said(A, H, Y), [("health", 1.0, "alert 0")], id="health does not end an alert"),
        pytest.param(said(D), [("health", 1.0, "degraded 0")], id="degraded"),
        pytest.param(said(D, G, Y), [("health", 1.0, "degraded 0")], id="degraded, and goes on"),
        pytest.param(said(D, C), [("health", 1.0, "degraded 0")], id="no alert ends a rollout's trouble"),
        pytest.param(said(D, H), [], id="healthy again"),
        pytest.param(said(X, Y), [], id="failed, then applied"),
        pytest.param(said(X, D, Y), [("health", 1.0, "degraded 1")], id="failed, degraded, applied"),
        pytest.param(said(D, app="a") + said(D, H, app="b"), [("health", 1.0, "degraded 0")], id="two applications"),
        pytest.param(
            said(A, app="x/1", start=5.0, kind="drift") + said(A, C, app="x/2") + said(D, app="b"),
            [("health", 1.0, "degraded 0"), ("drift", 5.0, "alert 0")],
            id="the oldest first",
        ),
    ],
)
def test_troubles(told: list[Signal], found: list[tuple[str, float, str]]) -> None:
    assert [(one.kind, one.since, one.words) for one in troubles(told)] == found


def test_of_two_at_one_moment_the_end_is_the_last() -> None:
    fires, calm = said(A)[0], said(C)[0]
    assert troubles([calm, fires]) == troubles([fires, calm]) == ()


def test_without_words_it_names_the_application() -> None:
    (one,) = troubles([said(D)[0].model_copy(update={"message": " \n "})])
    assert one.words == "app degraded"


@given(st.lists(st.sampled_from(Phase), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(phases: list[Phase], dice: random.Random) -> None:
    told = said(*phases)
    shuffled = dice.sample(told, len(told))
    assert troubles(shuffled) == troubles(told)


@given(st.lists(st.sampled_from(Phase), max_size=12))
def test_calm_and_health_end_everything(phases: list[Phase]) -> None:
    assert troubles(said(*phases, C, H)) == ()
