"""Alertmanager's webhooks as signals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.domain.signal import Phase, Signal
from bot.signals import alertmanager
from bot.signals.reading import moment
from tests.signals.anything import assert_sound, bodies, contract

START, END, ZERO = "2026-11-21T00:23:35.755403534Z", "2026-11-21T00:40:00Z", "0001-01-01T00:00:00Z"
LABELS = {"alertname": "ErrorRate", "model": "churn", "environment": "production"}


def alert(status: str = "firing", **given: Any) -> dict[str, Any]:
    ends = ZERO if status == "firing" else END
    found = {"status": status, "labels": LABELS, "startsAt": START, "endsAt": ends, "fingerprint": "aa74a246232005c4"}
    return {**found, "annotations": {"summary": "5xx over 2%"}, **given}


def body(*alerts: object, **given: object) -> dict[str, Any]:
    return {"version": "4", "status": "firing", "alerts": list(alerts), **given}


@pytest.mark.parametrize(("status", "phase", "at"), [("firing", Phase.ALERT, START), ("resolved", Phase.CALM, END)])
def test_an_alert(status: str, phase: Phase, at: str) -> None:
    expected = Signal(
        source="alertmanager",
        application="ErrorRate/aa74a246232005c4",
        phase=phase,
        at=moment(at),
        message="ErrorRate: 5xx over 2%",
        model="churn",
        environment="production",
    )
    assert alertmanager.parse(body(alert(status))) == (expected,)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        *((kind, kind) for kind in sorted(alertmanager.KINDS)),
        ("Drift", None),
        ("", None),
        (["drift"], None),
        ({"drift": 1}, None),
        (None, None),
    ],
)
def test_what_sort_of_trouble_it_is(label: object, kind: str | None) -> None:
    (found,) = alertmanager.parse(body(alert(labels={**LABELS, "slackops_kind": label})))
    assert found.kind == kind
    assert Signal.model_validate_json(found.model_dump_json()) == found


def test_the_alerts_of_a_group_each_for_itself() -> None:
    other = alert(
        "resolved", fingerprint="bb", labels={"model": "ltv", "env": "prod"}, annotations={"description": "d"}
    )
    found = alertmanager.parse(body(alert(), alert(), other, alert(labels={"alertname": "Watchdog"})))
    assert [(s.phase, s.model, s.environment, s.message) for s in found] == [
        (Phase.ALERT, "churn", "production", "ErrorRate: 5xx over 2%"),
        (Phase.CALM, "ltv", "prod", "alert: d"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"labels": {"model": "churn"}},
        {"labels": {"environment": "production"}},
        {"labels": {**LABELS, "model": ""}},
        {"labels": None},
        {"startsAt": ZERO},
        {"fingerprint": None},
        {"status": "pending"},
    ],
)
def test_what_is_not_about_a_model(given: dict[str, object]) -> None:
    assert alertmanager.parse(body(alert(**given))) == ()


@pytest.mark.parametrize("odd", [None, [], {}, "x", body(alert(), version="3"), {"version": "4", "alerts": {}}])
def test_other_bodies(odd: object) -> None:
    assert alertmanager.parse(odd) == ()


def test_a_hundred_alerts_are_read() -> None:
    found = alertmanager.parse(body(*(alert(fingerprint=f"{n}") for n in range(500))))
    assert [signal.application for signal in found] == [f"ErrorRate/{n}" for n in range(100)]


def test_a_captured_delivery() -> None:
    (signal,) = alertmanager.parse(contract("signals/alertmanager.webhook.v4.json")["body"])
    assert (signal.application, signal.phase) == ("FeatureDrift/aa74a246232005c4", Phase.ALERT)
    assert (signal.model, signal.environment, signal.message) == ("churn", "prod", "FeatureDrift: PSI 0.31 > 0.2")


@given(bodies("version", "alerts", "status", "labels", "annotations", "startsAt", "endsAt", "fingerprint", "model"))
def test_no_body_is_an_error(odd: Any) -> None:
    assert_sound(alertmanager.parse(odd))
    assert_sound(alertmanager.parse(body(odd, alert(labels=odd), alert(annotations=odd), alert(fingerprint=odd))))
