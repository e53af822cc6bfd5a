"""`slackops test`: the policy's own tests, decided by the same functions that decide in the bot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.approvals import Tally, tally
from bot.domain.cards import Stage
from bot.domain.change import Change, Intent
from bot.domain.decide import Decision, Deployed, Facts, Join, Refuse, decide
from bot.domain.facts import Verdict
from bot.domain.gates import GateResult
from bot.domain.gating import advisory, judge
from bot.domain.gating.promotions import brings_in, gates_under, rules_under
from bot.domain.policy import Environment, Policy
from bot.domain.policy_case import Given
from bot.domain.policy_case_files import PolicyCase
from bot.domain.policy_case_values import moment_of
from bot.domain.policy_expect import Difference, Found, differences
from bot.domain.reconcile import may_merge
from bot.domain.snapshot import Content, Snapshot, note, stage
from bot.domain.stops import stop_gates, stoppable
from bot.domain.windows import opening
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.examine import role_of
from bot.usecases.identity import allowed, approval_rule
from bot.usecases.policy_given import (
    askers_in,
    change_of,
    context_of,
    intent_of,
    person_of,
    pull_of,
    reviews_of,
    stops_of,
    waived_in,
)
from bot.usecases.policy_given_gates import gate_facts_of
from bot.usecases.stops import places
from bot.usecases.windows import timed_gates

Exists = Callable[[str], bool]


@dataclass(frozen=True)
class Result:
    """One case, run. ``why`` is what the bot would say of it."""

    case: PolicyCase
    differences: tuple[Difference, ...]
    why: str

    @property
    def passed(self) -> bool:
        """Everything is as expected."""
        return not self.differences


def run_case(policy: Policy, case: PolicyCase, exists: Exists) -> Result:
    """Run it. ``exists``: whether a path is in the deployment repo, by which layouts are chosen. Never raises for what
    a case may say."""
    try:
        found = _find(policy, case, exists)
    except Refused as why:
        found = Found("refuse", why.reason.value, why.message)
    return Result(case, tuple(differences(case.expect, found)), found.why)


def _find(policy: Policy, case: PolicyCase, exists: Exists) -> Found:
    given, ctx = case.given, context_of(case)
    environment = policy.environment(given.environment or "")
    target = policy.target_for(given.model or "", environment.name, exists)
    rules = policy.judged_by(target) if target else policy.stage_for(given.model or "", environment.name)
    intent = intent_of(given, rules)
    rules = rules_under(policy.drift.incident.promotions, rules, _open_kinds(given, intent))
    change = change_of(case, intent, ctx.clock.now())
    facts = _facts(ctx, policy, case, rules, change)
    decision = decide(facts)
    if isinstance(decision, Refuse):
        return Found("refuse", decision.reason.value, decision.message, gates=_states(facts.gates))
    return _judged(ctx, policy, case, rules, change, decision)


def _facts(ctx: Context, policy: Policy, case: PolicyCase, rules: Environment, change: Change) -> Facts:
    given, intent = case.given, change.intent
    role = role_of(intent.action)
    ban = stops_of(given).ban_of(intent.model, intent.to)
    return Facts(
        intent=intent,
        allowed=given.by is None or allowed(ctx, policy, person_of(case, given.by), role, rules.name, intent.model),
        role=role,
        deployed=Deployed(given.state, intent.frm, None, "policy-test.yaml", 1),
        gates=_gates(ctx, policy, case, rules, change, proposing=True),
        open_change=_open(case, intent),
        ban=ban,
    )


def _open(case: PolicyCase, intent: Intent) -> Change | None:
    if case.given.open is None:
        return None
    given = case.given.model_copy(update={"version": case.given.open})
    there = Intent(intent.action, intent.model, intent.environment, intent.frm, case.given.open, None, intent.edits)
    return change_of(PolicyCase(case.file, case.line, case.name, given, case.expect, case.people), there, 0.0)


def _gates(
    ctx: Context, policy: Policy, case: PolicyCase, rules: Environment, change: Change, *, proposing: bool = False
) -> tuple[GateResult, ...]:
    """The policy's gates, then windows, freezes and bans, as the card would show them."""
    given, intent, now = case.given, change.intent, moment_of(case.given.now)
    gates = policy.gates_of(intent.model, rules)
    gates = gates_under(policy.drift.incident.promotions, gates, _open_kinds(given, intent))
    judged = judge(gates, gate_facts_of(given, policy, gates, intent, now, proposing=proposing))
    judged = waived_in(given, judged, intent.digest, now)
    moved = stoppable(change, places(policy, [rules.name]), obey=rules.rollback.freezes == "obey")
    timed = timed_gates(ctx, rules, moved, swift=change.swift)
    return (*(advisory(judged) if change.swift else judged), *stop_gates(stops_of(given), moved, now), *timed)


def _open_kinds(given: Given, intent: Intent) -> frozenset[str]:
    """What is open, where it concerns the change; nobody knows of it where the case says that nobody can tell."""
    return frozenset(one.kind for one in given.incidents or ()) if brings_in(intent) else frozenset()


def _judged(
    ctx: Context, policy: Policy, case: PolicyCase, rules: Environment, change: Change, decision: Decision
) -> Found:
    counted = _tally(ctx, case, rules, change)
    seen = _snapshot(ctx, policy, case, rules, change, counted)
    at = stage(seen)
    merges = "yes" if may_merge(seen, at) else "no" if at is Stage.BLOCKED else "waits"
    approving = [line for line in counted.lines if line.counts and line.verdict == Verdict.APPROVED]
    return Found(
        decision="join" if isinstance(decision, Join) else "propose",
        why=" ".join(part for part in (f"{at.value}.", note(seen, at), _wanted(counted)) if part),
        merge=merges,
        blocking=seen.stuck[0].name if seen.stuck else None,
        gates=_states(seen.gates),
        approvals=counted.approvals,
        missing=max(counted.required - counted.approvals, sum(need.count for need in counted.missing)),
        counts=tuple(line.login for line in approving),
        does_not_count={line.login: line.why for line in counted.lines if not line.counts},
        next_window=_moment(opening(rules.windows, ctx.clock.now()).next),
    )


def _wanted(counted: Tally) -> str:
    return f"Wanted: {counted.words}." if counted.words else ""


def _tally(ctx: Context, case: PolicyCase, rules: Environment, change: Change) -> Tally:
    rule = approval_rule(ctx, rules, change)
    return tally(reviews_of(case), rule, askers_in(case, ctx, change))


def _snapshot(
    ctx: Context, policy: Policy, case: PolicyCase, rules: Environment, change: Change, counted: Tally
) -> Snapshot:
    """Everything about the pull request that the rules do not look at is as it should be."""
    now = ctx.clock.now()
    return Snapshot(
        change=change,
        pull=pull_of(now),
        base_head="base",
        today=change.intent,
        problem="",
        content=Content.OURS,
        gates=_gates(ctx, policy, case, rules, change),
        tally=counted,
        metrics=(),
        auto_merge=rules.merge.auto,
        merge_method=rules.merge.method,
        channel=rules.channel,
        approvers=(),
        notify_blocked=(),
        situation="",
        now=now,
    )


def _states(gates: Iterable[GateResult]) -> dict[str, str]:
    return {gate.name: gate.state.value for gate in gates}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
