"""The dataset gate: what the model was trained on is known, and not too old.

MLflow's digest covers only the first rows of the data (https://mlflow.org/docs/latest/ml/dataset/): the same digest
does not prove the same data.
"""

from __future__ import annotations

from bot.domain.durations import lasting
from bot.domain.facts import DatasetInput, ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.dates import SKEW_SECONDS, Moment, read_moment
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import SILENT, brief, outcome
from bot.domain.policy import DatasetGate

COVERS = "MLflow's digest covers the first rows only"
_NO_DIGEST = frozenset({"", "None", "null"})


def evaluate(gate: DatasetGate, facts: GateFacts) -> GateResult:
    """None of the context fails; one without a digest, or whose age nobody knows, is unknown."""
    version, context = facts.candidate, brief(gate.context, 40)
    if version is None:
        return _result(gate, GateState.UNKNOWN, SILENT)
    mine = [one for one in version.datasets if one.context == gate.context]
    if not mine:
        return _result(gate, GateState.FAIL, f"no {context} data set was logged")
    bare = [one for one in mine if one.digest.strip() in _NO_DIGEST]
    if bare:
        return _result(gate, GateState.UNKNOWN, f"{brief(bare[0].name, 40)} has no digest")
    if gate.max_age is None:
        return _result(gate, GateState.PASS, _named(mine))
    state, age = _age(gate, version, facts.now)
    return _result(gate, state, age if state is GateState.UNKNOWN else f"{_named(mine)}, {age}")


def _age(gate: DatasetGate, version: ModelVersion, now: float) -> tuple[GateState, str]:
    dated, why = _dated(gate, version)
    if dated is None:
        return GateState.UNKNOWN, why
    if dated.at > now + dated.slack:
        return GateState.UNKNOWN, "it is dated in the future"
    age = max(0.0, now - dated.at)
    return GateState.PASS if age <= (gate.max_age or 0.0) else GateState.FAIL, f"{lasting(age)} old"


def _dated(gate: DatasetGate, version: ModelVersion) -> tuple[Moment | None, str]:
    """When the data is from, or why nobody knows."""
    if gate.dated_by is None:
        began = version.started_at
        return (Moment(began, SKEW_SECONDS), "") if began else (None, "nobody knows when its run began")
    said = version.tags.get(gate.dated_by)
    if said is None:
        return None, f"no tag {brief(gate.dated_by, 40)} says how old it is"
    return read_moment(said), f"the tag {brief(gate.dated_by, 40)} is no date: {brief(said, 30)!r}"


def _named(those: list[DatasetInput]) -> str:
    more = f" (+{len(those) - 1} more)" if len(those) > 1 else ""
    return f"{brief(those[0].name, 40)} {brief(those[0].digest, 16)}{more}"


def _result(gate: DatasetGate, state: GateState, observed: str) -> GateResult:
    age = f", at most {lasting(gate.max_age)} old" if gate.max_age is not None else ""
    return outcome(gate, state, observed, f"{brief(gate.context, 40)} data with a digest{age}", explanation=COVERS)
