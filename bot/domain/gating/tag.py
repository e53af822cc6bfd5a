"""The tag gate: what somebody, or something, wrote on the version."""

from __future__ import annotations

from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import SILENT, brief, outcome
from bot.domain.policy import TagGate

SHOWN = 3


def evaluate(gate: TagGate, facts: GateFacts) -> GateResult:
    """Values are compared as they are written. A tag without a value says nothing, unless that is what is asked for."""
    required = _required(gate)
    if facts.candidate is None:
        return outcome(gate, GateState.UNKNOWN, SILENT, required)
    value = facts.candidate.tags.get(gate.tag)
    if value is None:
        return outcome(gate, GateState.FAIL, f"no tag {brief(gate.tag)}", required)
    passed = value in gate.values if gate.values else bool(value.strip())
    return outcome(gate, GateState.PASS if passed else GateState.FAIL, brief(value) or "an empty tag", required)


def _required(gate: TagGate) -> str:
    tag = brief(gate.tag, 40)
    if not gate.values:
        return f"{tag} with any value"
    shown = [brief(value, 30) or '""' for value in gate.values[:SHOWN]]
    more = f" or {len(gate.values) - SHOWN} more" if len(gate.values) > SHOWN else ""
    return f"{tag} = {' or '.join(shown)}{more}"
