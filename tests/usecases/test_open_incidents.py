"""What is open of a model: for gates, and for `slackops status`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from bot.cli.status import lines
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.snoozing import snoozed, taken
from bot.domain.drifting.windows import Kind
from bot.domain.signal import Phase, Signal
from bot.ports import SignalRecord
from bot.usecases.incidents import OpenIncidents
from bot.usecases.status import read_status
from tests.fakes.incident_log import FakeIncidentLog
from tests.fakes.signals import FakeSignals
from tests.usecases.incident_rig import ANA, HOUR, NOW, IncidentRig, incident

WORDS = "warning"


def alert(kind: str | None, at: float = NOW) -> SignalRecord:
    told: dict[str, Any] = {"source": "alertmanager", "application": f"{kind}/1", "phase": Phase.ALERT, "kind": kind}
    return SignalRecord("fraud", "production", Signal(at=at, message=f"{kind}!", **told), None, at)


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((), [("drift", WORDS)]),
        (("drift",), [("drift", WORDS)]),
        (("service",), [("drift", WORDS), ("service", "service!")]),
        ((None,), [("drift", WORDS), ("health", "None!")]),
    ],
    ids=["none", "the same", "another kind", "health"],
)
def test_an_alert_and_the_incident_that_came_of_it_are_one(kinds: Any, found: list[tuple[str, str]]) -> None:
    signals, log = FakeSignals(), FakeIncidentLog()
    signals.add([alert(kind) for kind in kinds])
    log.save(None, [incident(), incident("01B", state=IncidentState.RESOLVED, resolved=NOW, kind=Kind.SERVICE)])
    port = OpenIncidents(signals, log)
    assert [(one.kind, one.words) for one in port.open("fraud", "production")] == found
    assert port.open("fraud", "staging") == ()


def test_status_tells_what_is_open_who_is_on_it_and_what_is_snoozed() -> None:
    rig = IncidentRig()
    assert "Open incidents: none" in lines(read_status(rig.ctx, None))
    quiet = snoozed(taken(incident(), ANA, NOW), ANA, NOW + HOUR, None, NOW)
    rig.keeps(quiet, incident("01B", Kind.SERVICE, readings=(), bad=0, message="p99 2 s\nand more"))
    told = lines(read_status(rig.ctx, "fraud"))
    since = "2026-12-23T03:26:40+00:00"
    until = "2026-12-23T05:26:40+00:00"
    assert "Open incidents: 2" in told
    assert f"  fraud, production: service since {since} (open, warning): p99 2 s and more" in told
    on_it = f"(snoozed, warning until {until}, slack:T0SANDBOX/U0ANA is on it)"
    assert f"  fraud, production: drift since {since} {on_it}: country psi 0.42, limit 0.2 (+1 more)" in told
    whole = json.loads(json.dumps(asdict(read_status(rig.ctx, None))))
    assert [(one["kind"], one["state"], one["owner"]) for one in whole["incidents"]] == [
        ("drift", "snoozed", "slack:T0SANDBOX/U0ANA"), ("service", "open", None),
    ]  # fmt: skip
