"""The incident gate as a table."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.gates import GateState
from bot.domain.gating import OpenIncident
from bot.domain.policy import IncidentGate
from tests.domain.gating.given import NOW, F, P, U, facts, holds, judged

DRIFT = OpenIncident("drift", "country_code: 98% null", NOW - 60, "https://alerts.example/1")
DOWN = OpenIncident("service", "5xx\nover 2%", NOW)
EARLY = OpenIncident("drift", "", NOW - 3_600)


def gate(kind: str, mode: Any = "block") -> IncidentGate:
    return IncidentGate("no drift", kind, mode, "merge")


@pytest.mark.parametrize(
    ("one", "open_ones", "state", "words"),
    [
        pytest.param(gate("drift"), (), P, "none is open", id="none"),
        pytest.param(gate("drift"), (DOWN,), P, "none is open", id="of another kind"),
        pytest.param(gate("any"), (), P, "none is open", id="none at all"),
        pytest.param(gate("drift"), (DRIFT,), F, "drift since 2027-01-15 07:59 UTC: country_code: 98% null", id="open"),
        pytest.param(gate("any"), (DOWN,), F, "service since 2027-01-15 08:00 UTC: 5xx over 2%", id="any kind"),
        pytest.param(gate("any"), (DOWN, DRIFT), F, "country_code: 98% null (+1 more)", id="the oldest of two"),
        pytest.param(gate("drift"), (EARLY,), F, "drift since 2027-01-15 07:00 UTC", id="without words"),
        pytest.param(gate("drift"), None, U, "nobody can tell", id="cannot be read"),
        pytest.param(gate("drift", "warn"), (DRIFT,), F, "drift", id="only warns"),
    ],
)
def test_incident(one: IncidentGate, open_ones: Any, state: GateState, words: str) -> None:
    holds(one, facts(incidents=open_ones), state, words)


def test_it_leads_to_the_incident() -> None:
    assert judged(gate("any"), facts(incidents=(DRIFT,))).url == DRIFT.url
    assert judged(gate("any"), facts(incidents=())).required == "no incident open"
    assert judged(gate("drift"), facts(incidents=())).required == "no drift incident open"
