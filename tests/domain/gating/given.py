"""Facts for the tables of gates, and how a result is compared: the state, and words that must be among what it says."""

from __future__ import annotations

from typing import Any

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, judge
from bot.domain.policy import Gate

P, F, U, S = GateState.PASS, GateState.FAIL, GateState.UNKNOWN, GateState.SKIPPED
NOW = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC
DAY = 86_400.0
SHA = "0123456789abcdef0123456789abcdef01234567"
STATUS = 140


def version(number: str = "42", **more: Any) -> ModelVersion:
    usual: dict[str, Any] = {"run_id": "r", "model_id": "m", "experiment_id": "1", "source": "s", "created_at": 0.0}
    return ModelVersion("fraud", number, **(usual | more))


def facts(candidate: ModelVersion | None = None, deployed: ModelVersion | None = None, **more: Any) -> GateFacts:
    return GateFacts(NOW, candidate, deployed, **more)


def judged(gate: Gate, given: GateFacts) -> GateResult:
    (result,) = judge([gate], given)
    assert (result.name, result.blocks, result.at) == (gate.name, gate.mode == "block", gate.at)
    assert result.passes_at is None
    assert len(result.observed) <= STATUS
    assert len(result.required) <= STATUS
    assert "\n" not in result.observed + result.required
    return result


def holds(gate: Gate, given: GateFacts, state: GateState, words: str) -> None:
    result = judged(gate, given)
    assert (result.state, words in result.observed) == (state, True), result
