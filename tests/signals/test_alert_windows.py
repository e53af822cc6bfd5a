"""Alerts that say what sort of trouble they are, as windows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.domain.drifting.windows import Kind, Severity, Verdict
from bot.signals import alert_windows, alertmanager
from bot.signals.reading import moment
from tests.signals.anything import bodies, contract
from tests.signals.drift.test_reports import assert_sound
from tests.signals.test_alertmanager import END, LABELS, START, alert, body

DRIFT = {**LABELS, "slackops_kind": "drift", "feature": "amount", "severity": "critical"}
FIGURES = {"summary": "PSI of amount", "value": "0.3", "threshold": "0.2", "method": "psi"}


def test_an_alert_that_fires() -> None:
    (window,) = alert_windows.windows(body(alert(labels=DRIFT, annotations=FIGURES, generatorURL="http://p/graph")))
    assert (window.source, window.monitor) == ("alertmanager", "ErrorRate/aa74a246232005c4")
    assert (window.model, window.environment, window.kind) == ("churn", "production", Kind.DRIFT)
    assert (window.verdict, window.severity, window.settled) == (Verdict.BAD, Severity.CRITICAL, True)
    assert (window.at, window.url, window.message) == (moment(START), "http://p/graph", "ErrorRate: PSI of amount")
    (reading,) = window.readings
    assert (reading.feature, reading.method, reading.value, reading.threshold) == ("amount", "psi", 0.3, 0.2)
    assert window.score == pytest.approx(1.5)


def test_an_alert_that_fires_no_more() -> None:
    (window,) = alert_windows.windows(body(alert("resolved", labels=DRIFT, annotations=FIGURES)))
    assert (window.verdict, window.at, window.readings, window.score) == (Verdict.FINE, moment(END), (), None)


@pytest.mark.parametrize(
    "kind", ["drift", "performance", "data_quality", "service", "health", "Drift", "", None, ["drift"]]
)
def test_health_and_what_is_not_said_are_signals_alone(kind: Any) -> None:
    sent = body(alert(labels={**LABELS, "slackops_kind": kind}))
    found = [window.kind.value for window in alert_windows.windows(sent)]
    assert found == ([kind] if kind in ("drift", "performance", "data_quality", "service") else [])
    assert len(alertmanager.parse(sent)) == 1


@pytest.mark.parametrize(
    ("said", "value", "score"),
    [
        ({"value": "0.5", "threshold": "0.25"}, 0.5, 2.0),
        ({"value": "4.2%", "threshold": "2.1%"}, 0.042, 2.0),
        ({"value": "1.5e-1", "threshold": "0.3", "direction": "below"}, 0.15, 1.5),
        ({"value": "0.1", "threshold": "0.2"}, 0.1, 1.0),  # it fires: no less than at its limit
        ({"value": "0.5"}, 0.5, None),
        ({"value": "NaN", "threshold": "0.2"}, None, None),
        ({"value": "9e999", "threshold": "0.2"}, None, None),
        ({"value": "about 5", "threshold": "0.2"}, None, None),
        ({"value": 0.5, "threshold": "0.2"}, None, None),
    ],
)
def test_the_figure_is_text(said: dict[str, Any], value: float | None, score: float | None) -> None:
    (window,) = alert_windows.windows(body(alert(labels=DRIFT, annotations=said)))
    assert window.readings[0].value == (value if value is None else pytest.approx(value))
    assert (window.score, window.verdict) == (score if score is None else pytest.approx(score), Verdict.BAD)


@pytest.mark.parametrize("severity", ["warning", "info", "", None, "Page"])
def test_other_severities_warn(severity: Any) -> None:
    (window,) = alert_windows.windows(body(alert(labels={**DRIFT, "severity": severity})))
    assert window.severity is Severity.WARNING


def test_the_captured_delivery_says_no_kind() -> None:
    assert alert_windows.windows(contract("signals/alertmanager.webhook.v4.json")["body"]) == ()


@given(bodies("version", "alerts", "labels", "annotations", "value", "threshold", "feature", "slackops_kind"))
def test_no_body_is_an_error(odd: Any) -> None:
    for sent in (odd, body(odd, alert(labels=DRIFT, annotations=odd)), body(alert(labels=odd))):
        assert_sound(alert_windows.windows(sent))
