"""The check gate: the commit checks of the head, by name."""

from __future__ import annotations

import fnmatch

from bot.domain.durations import lasting
from bot.domain.facts import Check, CheckState
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import brief, outcome
from bot.domain.policy import CheckGate

OURS = "slackops/"
REQUIRED = "success"


def evaluate(gate: CheckGate, facts: GateFacts) -> GateResult:
    """Unfinished is unknown, and none at all is a refusal unless the gate allows it. One that runs for longer than the
    gate's timeout never ends, so it has failed; it passes like any other when it ends well after all."""
    if facts.checks is None:
        return outcome(gate, GateState.UNKNOWN, "no commit yet", REQUIRED)
    mine = [one for one in facts.checks if fnmatch.fnmatchcase(one.name, gate.pattern) and not _own(one)]
    failed = [one for one in mine if one.state is CheckState.FAILURE]
    pending = [one for one in mine if one.state is CheckState.PENDING]
    if failed:
        return _told(gate, GateState.FAIL, failed, f"failed{_summary(failed[0])}")
    late = [one for one in pending if _runs_for(one, facts.now) > (gate.timeout or float("inf"))]
    if late:
        spans = f"{lasting(_runs_for(late[0], facts.now))}; the limit is {lasting(gate.timeout or 0.0)}"
        return _told(gate, GateState.FAIL, late, f"has run for {spans}")
    if pending:
        return _told(gate, GateState.UNKNOWN, pending, "is running")
    return _passed(gate, len(mine)) if mine else _none(gate)


def _own(check: Check) -> bool:
    return check.name.startswith(OURS)


def _runs_for(check: Check, now: float) -> float:
    """0 where nobody knows when it began."""
    return max(0.0, now - check.started_at) if check.started_at else 0.0


def _summary(check: Check) -> str:
    return f": {brief(check.summary)}" if check.summary.strip() else ""


def _told(gate: CheckGate, state: GateState, those: list[Check], what: str) -> GateResult:
    more = f" (+{len(those) - 1} more)" if len(those) > 1 else ""
    return outcome(gate, state, f"{brief(those[0].name, 60)} {what}{more}", REQUIRED, url=those[0].url)


def _passed(gate: CheckGate, count: int) -> GateResult:
    return outcome(gate, GateState.PASS, f"{count} passed", REQUIRED)


def _none(gate: CheckGate) -> GateResult:
    if gate.none == "allow":
        return outcome(gate, GateState.SKIPPED, "no such check has run, which the policy allows", REQUIRED)
    return outcome(gate, GateState.UNKNOWN, "no such check has run", REQUIRED)
