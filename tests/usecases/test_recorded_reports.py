"""What the real tools wrote, from the report to the incident and its card: what opens, what updates, what ends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.drifting.arriving import rows
from bot.domain.drifting.windows import Verdict, Window
from bot.domain.incident_words import subject_of
from bot.signals import alert_windows, drift
from bot.signals.drift import About
from tests.signals.anything import contract
from tests.signals.drift.recorded_reports import NAMES, recorded
from tests.usecases.incident_rig import NOW, IncidentRig

START, HOUR = NOW - 24 * 3600.0, 3600.0
Told = tuple[str, str, int, int, str]
"""Kind, severity, how many of how many are beyond their limits, and the worst feature, or method, of the card."""

OPENS: dict[str, list[Told]] = {
    "evidently04_dataset_drift": [("drift", "warning", 1, 1, "the model as a whole")],
    "evidently04_drifted": [("drift", "warning", 2, 3, "country_code")],
    "evidently04_tests": [("data_quality", "critical", 2, 3, "amount"), ("drift", "critical", 2, 3, "amount")],
    "evidently_classification": [("performance", "warning", 1, 3, "the model as a whole")],
    "evidently_distances": [("drift", "critical", 2, 3, "amount")],
    "evidently_drifted": [("drift", "warning", 2, 3, "country_code")],
    "evidently_methods": [("drift", "critical", 1, 2, "amount")],
    "evidently_methods_drifted": [("drift", "critical", 2, 2, "amount")],
    "evidently_nan_quality": [("data_quality", "critical", 1, 1, "amount")],
    "evidently_quality": [("data_quality", "critical", 1, 5, "amount")],
    "evidently_regression": [("performance", "warning", 1, 3, "the model as a whole")],
    "whylogs_drifted": [("drift", "critical", 2, 3, "country_code")],
    "nannyml_cbpe": [("performance", "warning", 1, 1, "the model as a whole")],
    "nannyml_flat": [("drift", "critical", 2, 3, "country_code")],
    "nannyml_missing": [("data_quality", "warning", 1, 2, "amount")],
    "nannyml_multivariate": [("drift", "critical", 1, 1, "the model as a whole")],
    "nannyml_performance": [("performance", "critical", 2, 2, "the model as a whole")],
    "nannyml_univariate": [("drift", "critical", 2, 3, "country_code")],
}
FINE = ("evidently_fine", "whylogs_fine", "whylogs_hellinger", "whylogs_nan")
UNKNOWN = ("whylogs_bare",)
ENDS = {
    "evidently_drifted": "evidently_fine",
    "evidently_distances": "evidently_fine",
    "evidently04_drifted": "evidently_fine",
    "whylogs_drifted": "whylogs_fine",
    "nannyml_univariate": "nannyml_univariate",
    "nannyml_flat": "nannyml_flat",
    "nannyml_missing": "nannyml_missing",
    "nannyml_cbpe": "nannyml_cbpe",
    "nannyml_performance": "nannyml_performance",
}
"""By what the same tool says when all is well: NannyML in the first chunks of the same result."""


@pytest.fixture
def rig() -> IncidentRig:
    return IncidentRig()


def windows(name: str, at: float) -> tuple[Window, ...]:
    """What a report of this name says at this time; of NannyML the chunks end an hour apart, the last one then."""
    about = About(model="fraud", environment="prod", monitor="nightly", received=at)
    found = drift.parse("", recorded(name), about)
    if not name.startswith("nannyml"):
        return found
    return tuple(one.model_copy(update={"at": at - HOUR * (len(found) - 1 - n)}) for n, one in enumerate(found))


def come(rig: IncidentRig, found: Iterable[Window]) -> None:
    for key, command in rows(found, rig.clock.now()):
        rig.inbox.put(key, command)
    rig.work()
    rig.work(5)


def test_every_recording_has_its_case() -> None:
    assert sorted((*OPENS, *FINE, *UNKNOWN)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_opens(rig: IncidentRig, name: str) -> None:
    come(rig, windows(name, START))
    assert name.startswith("nannyml") or rig.log.open() == [], "one window opens nothing"
    come(rig, windows(name, START + HOUR))
    found = rig.log.open("fraud", "production")
    told = sorted((one.kind.value, one.severity.value, one.bad, one.total) for one in found)
    assert told == [case[:4] for case in OPENS.get(name, [])]
    assert worst(rig) == {case[0]: case[4] for case in OPENS.get(name, [])}


def worst(rig: IncidentRig) -> dict[str, str]:
    """What each kind names first on the card, which they share; nothing where there is none."""
    problems = rig.card().problems if rig.cards() else ()
    return {one.kind.value: subject_of(one.worst[0]) for one in problems}


@pytest.mark.parametrize("name", OPENS)
def test_what_is_said_again_updates_the_card_and_not_the_channel(rig: IncidentRig, name: str) -> None:
    for hour in range(2):
        come(rig, windows(name, START + hour * HOUR))
    said, before = rig.said(), rig.card().problems[0]
    come(rig, windows(name, START + 2 * HOUR))
    assert rig.card().problems[0].windows > before.windows
    assert rig.said() == said
    assert len(rig.log.since(0)) == len(OPENS[name])


@pytest.mark.parametrize("name", ENDS)
def test_what_ends(rig: IncidentRig, name: str) -> None:
    for hour in range(2):
        come(rig, windows(name, START + hour * HOUR))
    fine = next(one for one in windows(ENDS[name], START) if one.verdict is Verdict.FINE)
    for hour in (2, 3):
        come(rig, [fine.model_copy(update={"at": START + hour * HOUR})])
    assert len(rig.log.open()) == 1
    come(rig, [fine.model_copy(update={"at": START + 4 * HOUR})])
    assert rig.log.open() == []
    assert rig.card().problems[0].ended == "3 of 3 windows fine"
    assert re.fullmatch(r".* resolved after \d+ s: 3 of 3 windows fine\.", rig.said()[-1])


@pytest.mark.parametrize("name", [*FINE, *UNKNOWN])
def test_what_says_nothing_bad_has_no_card_however_often(rig: IncidentRig, name: str) -> None:
    for hour in range(4):
        come(rig, windows(name, START + hour * HOUR))
    assert rig.cards() == []


def test_unknown_ends_nothing(rig: IncidentRig) -> None:
    for hour in range(2):
        come(rig, windows("whylogs_drifted", START + hour * HOUR))
    for hour in range(2, 8):
        come(rig, windows("whylogs_bare", START + hour * HOUR))
    assert len(rig.log.open()) == 1


def test_the_contracts_report_opens_one(rig: IncidentRig) -> None:
    body = contract("signals/evidently.data_drift.json")["body"]
    for hour in range(2):
        at = START + hour * HOUR
        come(rig, drift.parse("", body, About(model="fraud", environment="production", received=at)))
    (one,) = rig.log.open("fraud", "production")
    assert (one.kind.value, one.bad, one.total, one.readings[0].feature) == ("drift", 2, 3, "country")
    fine = [one for hour in range(2, 5) for one in windows("evidently_fine", START + hour * HOUR)]
    come(rig, fine)
    assert len(rig.log.open()) == 1, "another monitor does not end it"
    come(rig, [one.model_copy(update={"monitor": "evidently"}) for one in fine])
    assert rig.log.open() == []


def alert(status: str, **labels: str) -> Any:
    """The contract's alert of Alertmanager, about a model that the policy has."""
    body = contract("signals/alertmanager.webhook.v4.json")["body"]
    (one,) = body["alerts"]
    ended = datetime.fromtimestamp(START + HOUR, UTC).isoformat()
    began = datetime.fromtimestamp(START, UTC).isoformat()
    times = {"startsAt": began} | ({"endsAt": ended} if status == "resolved" else {})
    return body | {
        "alerts": [one | times | {"status": status, "labels": {**one["labels"], "model": "fraud", **labels}}]
    }


@pytest.mark.parametrize("kind", ["drift", "performance", "data_quality", "service"])
def test_the_contracts_alert_opens_one_at_once_and_ends_it(rig: IncidentRig, kind: str) -> None:
    come(rig, alert_windows.windows(alert("firing", slackops_kind=kind)))
    (one,) = rig.log.open("fraud", "production")
    assert (one.kind.value, one.severity.value, rig.card().monitors[0].name) == (kind, "critical", "FeatureDrift")
    come(rig, alert_windows.windows(alert("resolved", slackops_kind=kind)))
    assert rig.log.open() == []
    assert rig.card().problems[0].ended == "the alert fires no more"


def test_the_contracts_alert_as_it_is_says_no_kind_and_opens_nothing() -> None:
    assert alert_windows.windows(alert("firing")) == ()
