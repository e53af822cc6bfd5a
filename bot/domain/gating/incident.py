"""The incident gate: nothing is wrong with the model where the version would go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts, OpenIncident
from bot.domain.gating.outcome import brief, outcome
from bot.domain.policy import IncidentGate

ANY = "any"


def evaluate(gate: IncidentGate, facts: GateFacts) -> GateResult:
    """The oldest open one is told, and how many there are more."""
    required = _required(gate)
    if facts.incidents is None:
        return outcome(gate, GateState.UNKNOWN, "nobody can tell what is open now", required)
    mine = [one for one in facts.incidents if _is_meant(gate, one.kind)]
    if not mine:
        return outcome(gate, GateState.PASS, "none is open", required)
    oldest = min(mine, key=lambda one: one.since)
    more = f" (+{len(mine) - 1} more)" if len(mine) > 1 else ""
    found = outcome(gate, GateState.FAIL, f"{_told(oldest)}{more}", required, url=oldest.url, turns=True)
    return replace(found, waits=True)  # it ends without anybody's change to this one


def _required(gate: IncidentGate) -> str:
    required = f"no {'' if gate.kind == ANY else brief(gate.kind, 30) + ' '}incident open"
    return f"{required}, else {gate.approvals} more approval" if gate.approvals else required


def _is_meant(gate: IncidentGate, kind: str) -> bool:
    return kind in gate.kinds if gate.kinds else gate.kind in (ANY, kind)


def _told(one: OpenIncident) -> str:
    since = datetime.fromtimestamp(one.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return ": ".join(part for part in (f"{brief(one.kind, 30)} since {since}", brief(one.words, 60)) if part)
