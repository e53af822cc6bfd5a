"""Gates, judged: metrics of the candidate, checks of the commit, and how it stood in an earlier stage. Unknown blocks
like a failure, and says why."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.facts import Check, CheckState, ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.policy import CheckGate, Gate, MetricGate, SoakGate
from bot.domain.soak import SoakFacts, judge_soak
from bot.domain.wording import number


def judge(
    gates: Sequence[Gate],
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    first: bool,
    checks: Sequence[Check] | None,
    soaked: Mapping[str, SoakFacts] | None = None,
) -> tuple[GateResult, ...]:
    """Every gate's result. ``first``: nothing was pinned before. ``checks`` is None before there is a commit;
    ``soaked`` has the facts of every stage that a gate waits for."""
    return tuple(_judged(gate, candidate, deployed, first, checks, soaked or {}) for gate in gates)


def _judged(
    gate: Gate,
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    first: bool,
    checks: Sequence[Check] | None,
    soaked: Mapping[str, SoakFacts],
) -> GateResult:
    match gate:
        case CheckGate():
            return judge_check(gate, checks)
        case MetricGate():
            return judge_metric(gate, candidate, deployed, first)
        case SoakGate():
            return judge_soak(gate, soaked.get(gate.environment))


def advisory(results: Sequence[GateResult]) -> tuple[GateResult, ...]:
    """The same results, none of which blocks: a rollback shows its gates but does not wait for them."""
    return tuple(replace(result, blocks=False) for result in results)


def judge_metric(
    gate: MetricGate, candidate: ModelVersion | None, deployed: ModelVersion | None, first: bool
) -> GateResult:
    """A metric against a threshold, or against the deployed version's."""
    if candidate is None:
        return _result(gate, GateState.UNKNOWN, "registry did not answer", _required(gate))
    names = _names(gate, candidate)
    if not names:
        conflict = gate.metric in candidate.conflicts
        why = "logged model and run disagree" if conflict else "not logged"
        return _result(gate, GateState.UNKNOWN, why, _required(gate))
    if gate.against == "deployed":
        return _against_deployed(gate, names, candidate, deployed, first)
    return _threshold(gate, names, candidate)


def _names(gate: MetricGate, candidate: ModelVersion) -> list[str]:
    if any(ch in gate.metric for ch in "*?["):
        return sorted(fnmatch.filter(candidate.metrics, gate.metric))
    return [gate.metric] if gate.metric in candidate.metrics else []


def _threshold(gate: MetricGate, names: list[str], candidate: ModelVersion) -> GateResult:
    higher = gate.direction == "higher"
    values = [(candidate.metrics[name], name) for name in names]
    if not all(math.isfinite(value) for value, _ in values) or gate.threshold is None:
        return _result(gate, GateState.UNKNOWN, "not a finite number", _required(gate))
    worst, name = min(values) if higher else max(values)
    passed = worst >= gate.threshold if higher else worst <= gate.threshold
    observed = number(worst) if len(names) == 1 else f"worst of {len(names)}: {name} {number(worst)}"
    return _result(gate, GateState.PASS if passed else GateState.FAIL, observed, _required(gate))


def _against_deployed(
    gate: MetricGate, names: list[str], candidate: ModelVersion, deployed: ModelVersion | None, first: bool
) -> GateResult:
    if first:
        return _result(gate, GateState.SKIPPED, "first deployment", _required(gate))
    if deployed is None:
        return _result(gate, GateState.UNKNOWN, "deployed version is not in the registry", _required(gate))
    missing = [name for name in names if name not in deployed.metrics]
    if missing:
        return _result(gate, GateState.UNKNOWN, f"{missing[0]} of {deployed.version} is not known", _required(gate))
    losses = [(_loss(gate, candidate.metrics[n], deployed.metrics[n]), n) for n in names]
    if not all(math.isfinite(loss) for loss, _ in losses):
        return _result(gate, GateState.UNKNOWN, "not comparable", _required(gate))
    loss, name = max(losses)
    allowed = gate.max_regression.amount if gate.max_regression else 0.0
    state = GateState.PASS if loss <= allowed + 1e-12 else GateState.FAIL
    return _result(gate, state, _observed(gate, name, loss, candidate, deployed), _required(gate))


def _loss(gate: MetricGate, new: float, old: float) -> float:
    """By how much the candidate is worse: in per cent of the old value's size, or in the metric's own unit."""
    worse = old - new if gate.direction == "higher" else new - old
    if gate.max_regression is None or not gate.max_regression.percent:
        return worse
    if old == 0:
        return 0.0 if worse <= 0 else math.inf
    return 100 * worse / abs(old)


def _observed(gate: MetricGate, name: str, loss: float, candidate: ModelVersion, deployed: ModelVersion) -> str:
    old, new = deployed.metrics[name], candidate.metrics[name]
    percent = gate.max_regression is not None and gate.max_regression.percent
    size = f"{float(f'{abs(loss):.2g}'):g}%" if percent else number(abs(loss))
    word = "worse" if loss > 0 else "better"
    change = "the same as" if loss == 0 else f"{size} {word} than"
    return f"{number(old)} → {number(new)}, {change} {deployed.version}"


def _required(gate: MetricGate) -> str:
    if gate.against == "deployed":
        if gate.max_regression is None or gate.max_regression.amount == 0:
            return "not worse than deployed"
        unit = "%" if gate.max_regression.percent else ""
        return f"at most {number(gate.max_regression.amount)}{unit} worse than deployed"
    return f"at {'least' if gate.direction == 'higher' else 'most'} {number(gate.threshold or 0.0)}"


def judge_check(gate: CheckGate, checks: Sequence[Check] | None) -> GateResult:
    """Commit checks by name pattern; unfinished is unknown, and none at all is a refusal, not a pass."""
    if checks is None:
        return _result(gate, GateState.UNKNOWN, "no commit yet", "success")
    mine = [c for c in checks if fnmatch.fnmatchcase(c.name, gate.pattern) and not c.name.startswith("slackops/")]
    failed = [c for c in mine if c.state is CheckState.FAILURE]
    pending = [c for c in mine if c.state is CheckState.PENDING]
    if failed:
        summary = f": {failed[0].summary}" if failed[0].summary else ""
        return _result(gate, GateState.FAIL, f"{failed[0].name} failed{summary}", "success")
    if pending:
        return _result(gate, GateState.UNKNOWN, f"{pending[0].name} is running", "success")
    if not mine:
        return _result(gate, GateState.UNKNOWN, "no such check has run", "success")
    return _result(gate, GateState.PASS, f"{len(mine)} passed", "success")


def _result(gate: MetricGate | CheckGate, state: GateState, observed: str, required: str) -> GateResult:
    return GateResult(gate.name, state, observed, required, blocks=gate.mode == "block", at=gate.at)
