"""What a metric is compared with: the deployed version, or the one that has an alias."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.policy import MetricGate
from bot.domain.policy.model_gates import DEPLOYED


@dataclass(frozen=True)
class NoBaseline:
    """Why there is nothing to compare with, and what that means."""

    state: GateState
    why: str


def baseline_of(gate: MetricGate, facts: GateFacts) -> ModelVersion | NoBaseline:
    """The version to compare with. A first deployment, or an alias that nothing has, is as the gate says."""
    nothing = GateState.FAIL if gate.no_baseline == "fail" else GateState.SKIPPED
    if gate.against == DEPLOYED:
        if facts.first:
            return NoBaseline(nothing, _said(nothing, "first deployment"))
        return facts.deployed or NoBaseline(GateState.UNKNOWN, "deployed version is not in the registry")
    alias = (gate.against or "").removeprefix("@")
    if alias not in facts.aliased:
        return NoBaseline(GateState.UNKNOWN, f"registry did not say which version is @{alias}")
    return facts.aliased[alias] or NoBaseline(nothing, _said(nothing, f"no version is @{alias}"))


def _said(state: GateState, why: str) -> str:
    return f"{why}, nothing to compare with" if state is GateState.FAIL else why
