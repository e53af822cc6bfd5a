"""The metric gate: the candidate's metrics against a threshold, or against another version's."""

from __future__ import annotations

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.against import NoBaseline, baseline_of
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.metric_words import name_of, observed, required
from bot.domain.gating.readings import Reading, above, beside, value_of
from bot.domain.gating.slices import readings, slices_of, together
from bot.domain.policy import MetricGate
from bot.domain.policy.gates import is_pattern


def evaluate(gate: MetricGate, facts: GateFacts) -> GateResult:
    """The gate's result."""
    candidate = facts.candidate
    if candidate is None:
        return _result(gate, GateState.UNKNOWN, "registry did not answer")
    baseline = baseline_of(gate, facts) if gate.against is not None else None
    if isinstance(baseline, ModelVersion) and baseline.version == candidate.version:
        return _result(gate, GateState.PASS, f"{candidate.version} is {gate.against} itself")
    why = _unread(gate, candidate)
    if why:
        return _result(gate, GateState.UNKNOWN, why)
    if isinstance(baseline, NoBaseline):
        return _result(gate, baseline.state, baseline.why)
    return _judged(gate, candidate, baseline)


def _unread(gate: MetricGate, candidate: ModelVersion) -> str:
    """Why the candidate cannot be judged, whatever it is compared with; empty where it can."""
    if not is_pattern(gate.metric):
        return value_of(candidate, gate.metric).why
    return "" if slices_of(gate, candidate) else f"no metric fits {name_of(gate.metric)}"


def _judged(gate: MetricGate, candidate: ModelVersion, baseline: ModelVersion | None) -> GateResult:
    found = readings(gate, candidate, baseline) if is_pattern(gate.metric) else [_single(gate, candidate, baseline)]
    return _result(gate, together(gate, found), observed(gate, candidate, baseline, found))


def _single(gate: MetricGate, candidate: ModelVersion, baseline: ModelVersion | None) -> Reading:
    new = value_of(candidate, gate.metric)
    if baseline is None:
        return above(gate, new)
    return beside(gate, new, value_of(baseline, gate.metric), candidate, baseline)


def _result(gate: MetricGate, state: GateState, seen: str) -> GateResult:
    return GateResult(gate.name, state, seen, required(gate), blocks=gate.mode == "block", at=gate.at)
