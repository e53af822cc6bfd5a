"""The plain drift JSON, and windows written as it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bot.domain.drifting.scoring import Way
from bot.domain.drifting.windows import MOST_READINGS, Kind, Severity, Verdict
from bot.signals.drift import About, plain
from bot.signals.drift.building import reading, window
from bot.signals.drift.plain_out import plain_of
from bot.signals.reading import BadBody, moment
from tests.signals.drift.recorded_reports import ABOUT, figures

FULL: dict[str, Any] = {
    "model": "churn",
    "environment": "production",
    "monitor": "nightly",
    "kind": "drift",
    "at": "2026-01-05T10:00:00Z",
    "features": [
        {"name": "amount", "method": "psi", "value": 0.31, "threshold": 0.2},
        {"name": "age", "method": "ks", "value": 0.6, "threshold": 0.05, "drifted": False},
    ],
    "severity": "critical",
    "url": "https://grafana.example.com/d/1",
    "message": "amount moved",
    "version": "42",
}


def test_every_field() -> None:
    (window,) = plain.parse(FULL, About(received=1.0))
    assert (window.model, window.environment, window.monitor, window.source) == (
        "churn",
        "production",
        "nightly",
        "json",
    )
    assert (window.at, window.severity, window.version) == (moment("2026-01-05T10:00:00Z"), Severity.CRITICAL, "42")
    assert (window.verdict, window.bad, window.total) == (Verdict.BAD, 1, 2)
    assert (window.message, window.url) == ("amount moved", "https://grafana.example.com/d/1")
    assert figures(window) == [("amount", "psi", "bad"), ("age", "ks", "fine")]


@pytest.mark.parametrize(
    ("said", "verdict", "score"),
    [
        ({"verdict": "bad"}, "bad", None),
        ({"verdict": "fine"}, "fine", None),
        ({"verdict": "unknown"}, "unknown", None),
        ({"value": 0.3, "threshold": 0.2}, "bad", 1.5),
        ({"value": 0.2, "threshold": 0.2}, "fine", 1.0),
        ({"value": 0.8, "threshold": 0.9, "direction": "below"}, "bad", 1 + 0.1 / 0.9),
        ({"value": 0.95, "threshold": 0.9, "direction": "below"}, "fine", 1 - 0.05 / 0.9),
        ({"value": 0.0025, "threshold": 0.05, "method": "ks"}, "bad", 1 + math.log10(2)),
        ({"value": 0.0025, "threshold": 0.05, "method": "ks", "direction": "below"}, "bad", 1 + math.log10(2)),
        ({"value": 0.1, "threshold": 0.05, "method": "ks", "direction": "above"}, "bad", 2.0),
        ({"value": 0.3, "threshold": 0.2, "verdict": "fine"}, "fine", 1.0),
        ({"value": None, "threshold": 0.2}, "unknown", None),
        ({"value": float("nan"), "threshold": 0.2}, "unknown", None),
        ({"value": float("inf"), "threshold": 0.2}, "unknown", None),
        ({"value": 10**400, "threshold": 0.2}, "unknown", None),
        ({"value": 0.3, "threshold": float("nan")}, "unknown", None),
        ({"features": []}, "unknown", None),
        ({"features": [{"name": "a", "drifted": True}]}, "bad", 1.0),
        ({"features": [{"name": "a", "drifted": True}, {"name": "b", "drifted": False}]}, "bad", 1.0),
        ({"features": [{"name": n, "drifted": n == "a"} for n in "abc"]}, "fine", None),
        ({"features": [{"name": n, "drifted": n == "a"} for n in "abc"], "kind": "data_quality"}, "bad", 1.0),
        ({"features": [{"name": "a", "value": 0.3, "threshold": 0.2}], "value": 1, "threshold": 2}, "fine", 0.5),
        ({"features": [{"name": "a"}], "value": None, "threshold": 2, "verdict": "bad"}, "bad", None),
    ],
)
def test_the_verdict(said: dict[str, Any], verdict: str, score: float | None) -> None:
    (window,) = plain.parse({"model": "m", "environment": "e", **said}, About(received=1.0))
    assert (window.verdict.value, window.score) == (verdict, score if score is None else pytest.approx(score))


def test_what_stands_beside_it_holds_where_it_says_nothing() -> None:
    (window,) = plain.parse({"value": 0.3, "threshold": 0.2}, ABOUT)
    assert (window.model, window.environment, window.at) == ("churn", "production", ABOUT.received)
    (window,) = plain.parse({"value": 0.3, "threshold": None, "model": "ltv"}, About(environment="e", threshold=0.2))
    assert (window.model, window.verdict) == ("ltv", Verdict.BAD)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "verdict, value with threshold, or features is needed"),
        ({"value": 0.3}, "verdict, value with threshold, or features is needed"),
        ({"verdict": "terrible"}, "verdict: "),
        ({"verdict": "bad", "modle": "churn"}, "modle: Extra inputs are not permitted"),
        ({"verdict": "bad", "model": ""}, "model: a printable name"),
        ({"verdict": "bad", "kind": "health"}, "kind: "),
        ({"verdict": "bad", "at": "2026-01-05"}, "at: an RFC 3339 time"),
        ({"verdict": "bad", "at": 1767607200}, "at: "),
        ({"verdict": "bad", "url": "javascript:alert(1)"}, "url: an http or https URL"),
        ({"value": True, "threshold": 1}, "value: a number is needed"),
        ({"value": "much", "threshold": 1}, "value: "),
        ({"features": [{"name": "a"}, {"value": 1}]}, "features: 1: name: Field required"),
        ({"features": [{"name": "a", "drift": True}]}, "drift: Extra inputs"),
        ([{"verdict": "bad"}, {"verdict": "good"}], "1: verdict: "),
        ([{"verdict": "bad"}] * 101, "at most 100 items"),
        ("bad", "valid dictionary"),
        (None, "valid dictionary"),
        ({"verdict": "bad", "message": 3}, "message: "),
    ],
)
def test_what_is_wrong_is_named(body: Any, words: str) -> None:
    with pytest.raises(BadBody, match=words):
        plain.parse(body, ABOUT)


def test_nobody_says_what_it_is_about() -> None:
    with pytest.raises(BadBody, match="model and environment are needed"):
        plain.parse({"verdict": "bad"}, About(model="churn"))


def test_values_are_never_told() -> None:
    with pytest.raises(BadBody) as found:
        plain.parse({"verdict": "s3cret"}, ABOUT)
    assert "s3cret" not in str(found.value)


def test_many_features_are_bounded() -> None:
    many = [{"name": f"f{n}", "value": n, "threshold": 100} for n in range(20_000)]
    (window,) = plain.parse({"features": many}, ABOUT)
    assert (len(window.readings), window.total, window.bad) == (MOST_READINGS, 20_000, 19_899)
    assert window.readings[0].feature == "f19999"


AGAINST = {"name": "age", "method": "psi", "value": 0.31, "threshold": 0.2, "drifted": False}
"""What is said of it counts before its figures."""


@pytest.mark.parametrize("name", ["prediction", "y_pred", "amount", "predictions_yesterday"])
def test_the_models_own_output_is_known_by_its_name(name: str) -> None:
    (window,) = plain.parse({**FULL, "features": [{"name": name, "value": 2, "threshold": 1}]}, ABOUT)
    assert window.readings[0].prediction == (name in ("prediction", "y_pred"))


@pytest.mark.parametrize(
    "said",
    [
        FULL,
        {**FULL, "features": []},
        {**FULL, "features": [{"name": "amount"}]},
        {**FULL, "features": [AGAINST]},
    ],
)
def test_a_window_written_as_this_is_read_as_it_was(said: dict[str, Any]) -> None:
    (window,) = plain.parse(said, ABOUT)
    (again,) = plain.parse(plain_of(window), About(received=5.0))
    assert again == window


@pytest.mark.parametrize(
    ("verdict", "said", "score"),
    [
        ("bad", 4.5, 4.5),
        ("bad", 0.2, 1.0),
        ("bad", 1e9, 1000.0),
        ("fine", 0.3, 0.3),
        ("fine", 7, 1.0),
        ("unknown", 7, None),
        ("bad", None, None),
        ("bad", math.nan, None),
    ],
)
def test_a_score_that_is_said_is_on_the_side_of_the_verdict(verdict: str, said: Any, score: float | None) -> None:
    (window,) = plain.parse({"verdict": verdict, "score": said}, ABOUT)
    assert (window.verdict.value, window.score) == (verdict, score)


@pytest.mark.parametrize("said", [-1, "much", True])
def test_what_is_no_score(said: Any) -> None:
    with pytest.raises(BadBody, match="score"):
        plain.parse({"verdict": "bad", "score": said}, ABOUT)


def test_a_run_beside_the_bot_is_the_same_monitor_with_the_same_score() -> None:
    features = [reading("auc", "accuracy", 0.7, 0.9, way=Way.BELOW), reading("b", "psi", 0.1, 0.2)]
    run = window("run", About("churn", "production", "inputs", received=1e9), Kind.DRIFT, features, share=0.1)
    (again,) = plain.parse(plain_of(run), About(received=5.0))
    assert (again.source, again.monitor, again.verdict, again.score) == ("run", "inputs", run.verdict, run.score)
    assert run.score is not None and run.score > 1
