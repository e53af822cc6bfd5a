"""Gates, judged: facts in, results out. Unknown blocks like a failure, and says why.

A new kind of gate is one module with an `evaluate` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.gates import GateResult
from bot.domain.gating import artifact, branch, check, dataset, http, incident, metric, signature, tag
from bot.domain.gating.facts import Answer, GateFacts, OpenIncident
from bot.domain.gating.rule import rule_of
from bot.domain.policy import (
    ArtifactGate,
    BranchGate,
    CheckGate,
    DatasetGate,
    Gate,
    HttpGate,
    IncidentGate,
    MetricGate,
    SignatureGate,
    SoakGate,
    TagGate,
)
from bot.domain.soak import judge_soak

__all__ = ["EVALUATORS", "Answer", "GateFacts", "OpenIncident", "advisory", "judge"]

EVALUATORS: Mapping[type, Callable[[Any, GateFacts], GateResult]] = {
    MetricGate: metric.evaluate,
    CheckGate: check.evaluate,
    SoakGate: lambda gate, facts: judge_soak(gate, facts.soaked.get(gate.environment)),
    TagGate: tag.evaluate,
    SignatureGate: signature.evaluate,
    ArtifactGate: artifact.evaluate,
    DatasetGate: dataset.evaluate,
    BranchGate: branch.evaluate,
    IncidentGate: incident.evaluate,
    HttpGate: http.evaluate,
}


def judge(gates: Sequence[Gate], facts: GateFacts) -> tuple[GateResult, ...]:
    """Every gate's result, in the order of the gates."""
    return tuple(replace(EVALUATORS[type(gate)](gate, facts), rule=rule_of(gate)) for gate in gates)


def advisory(results: Sequence[GateResult]) -> tuple[GateResult, ...]:
    """The same results, none of which blocks: a rollback shows its gates but does not wait for them."""
    return tuple(replace(result, blocks=False) for result in results)
