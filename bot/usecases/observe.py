"""The world around one change, as one snapshot."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.approvals import Tally
from bot.domain.by_hand import (
    REMOVED,
    gates_by_hand,
    is_compared,
    joined,
    parts,
    problem_of,
    strictest_tally,
    version_gates,
)
from bot.domain.change import Change, Intent
from bot.domain.comparison import Comparison
from bot.domain.facts import Pull
from bot.domain.gates import GateResult
from bot.domain.gating import advisory, judge
from bot.domain.past import Past
from bot.domain.policy import Environment, Policy, Target
from bot.domain.snapshot import Content, Snapshot
from bot.errors import Refused
from bot.usecases.blocks import refuse_foreign
from bot.usecases.branch import behind, content_of, situation_of
from bot.usecases.code_owners import owners_missing
from bot.usecases.comparing import comparison_of
from bot.usecases.context import Context
from bot.usecases.details import link_of
from bot.usecases.gate_facts import Judged, facts_for
from bot.usecases.glass import as_judged
from bot.usecases.hand_moves import target_of
from bot.usecases.hand_policy import enforced
from bot.usecases.history import past
from bot.usecases.identity import approval_rule
from bot.usecases.ladder_gate import ladder_gates
from bot.usecases.ladder_words import ladder_of, serving_of
from bot.usecases.looking import still_unattended
from bot.usecases.merge_asked import merges_itself
from bot.usecases.policy_review import policy_tally
from bot.usecases.promotion_incidents import gates_beside, rules_beside
from bot.usecases.repo import Repo
from bot.usecases.seen_reviews import tally_of
from bot.usecases.stops import gates_of_change
from bot.usecases.versions import known_versions, metric_lines
from bot.usecases.waiving_roles import judged_with_waivers
from bot.usecases.windows import times_of

NOBODY = Tally(0, 0, (), ())


def snapshot(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    """Everything that the reconciler looks at. Where the policy or the target cannot be read, the change is judged by
    what is left: it may end, but it goes nowhere else."""
    return replace(_snapshot(ctx, repo, change, pull), page=link_of(ctx, change.id))


def _snapshot(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    try:
        repo = repo.back if change.swift else repo
        seen = joined(change, [_whole(ctx, repo, part, pull) for part in parts(change)])
        of_policy = policy_tally(ctx, repo, pull) if change.by_hand and not change.state.final else None
        return replace(seen, tally=strictest_tally([seen.tally, of_policy])) if of_policy else seen
    except Refused as why:
        return _bare(ctx, change, pull, why.message, enforced(repo, ctx.checkout.head()))


def _bare(ctx: Context, change: Change, pull: Pull, problem: str, enforce: bool) -> Snapshot:
    card = ctx.posts.get(change.id, "card")
    return Snapshot(
        change=change,
        pull=pull,
        base_head=ctx.checkout.head(),
        today=None,
        problem=problem,
        content=Content.UNKNOWN,
        gates=(),
        tally=NOBODY,
        metrics=(),
        auto_merge=False,
        merge_method="squash",
        channel=card.channel if card else "",
        approvers=(),
        notify_blocked=tuple(f"slack:{person.user}" for person in change.requesters),
        situation="",
        now=ctx.clock.now(),
        judged=False,
        enforce=enforce,
        branch_exists=ctx.checkout.ref(change.branch) is not None,
        successor=_successor(ctx, change),
    )


def _whole(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    base = ctx.checkout.head()
    policy = repo.policy(base)
    stage = policy.environment(change.intent.environment)
    target = target_of(policy, repo, base, change, pull.head)
    served = repo.served(policy, base, target)
    environment = policy.judged_by(replace(target, shared_with=served))
    moves = (environment.name, *served)
    environment = rules_beside(ctx, policy, change.intent, moves, environment)
    today, problem = _today(repo, base, target, change)
    candidate, deployed = known_versions(ctx, policy, change.intent)
    checks, reviews = ctx.forge.checks(pull.head), ctx.forge.reviews(pull.number)
    judged = as_judged(ctx, policy, change, served)
    rule = approval_rule(ctx, environment, still_unattended(ctx, repo, policy, judged, pull))
    card = ctx.posts.get(change.id, "card")
    asked = Judged(
        policy,
        environment,
        base,
        change.intent,
        moves,
        candidate,
        deployed,
        checks,
        change.id,
        pull.head,
        hurried=judged.swift or judged.glass is not None,
    )
    gates = (
        *gates_of(ctx, repo, judged, asked, pull),
        *gates_of_change(ctx, policy, environment, judged, served),
        *ladder_gates(ctx, repo, policy, target, change, pull),
    )
    times = times_of(ctx, environment, change, gates, reviews)
    return Snapshot(
        change=change,
        pull=pull,
        base_head=base,
        today=today,
        problem=problem,
        content=content_of(ctx, repo, target, change, pull),
        gates=gates,
        tally=tally_of(ctx, repo, rule, target, change, pull, reviews),
        owners_missing=owners_missing(ctx, base, {edit.file for edit in change.intent.edits}, reviews),
        metrics=metric_lines(policy, change.intent, candidate, deployed),
        auto_merge=merges_itself(ctx, policy, environment.merge.auto, judged),
        merge_method=environment.merge.method,
        channel=card.channel if card else policy.channel_for(environment.name),
        approvers=_approvers(policy, environment),
        notify_blocked=_notify_blocked(policy, environment, change),
        situation=situation_of(pull, base, checks, reviews),
        now=ctx.clock.now(),
        behind=behind(ctx, pull, base),
        requester_counts=rule.requester_counts,
        branch_exists=ctx.checkout.ref(change.branch) is not None,
        run_id=candidate.run_id if candidate else None,
        comparison=_comparison(ctx, repo, asked, change),
        successor=_successor(ctx, change),
        also=served,
        followed=followed(stage, change),
        enforce=policy.enforce,
        by_rule=by_rule(ctx, change),
        serving=serving_of(ctx, repo, target, change),
        steps=ladder_of(environment, change),
        reminding=environment.reminding,
        last_act=times.last_act,
        clear_at=times.clear_at,
        closes_at=times.closes_at,
        windows=environment.windows,
    )


def _comparison(ctx: Context, repo: Repo, asked: Judged, change: Change) -> Comparison | None:
    """Nothing is waited for where somebody goes back in a hurry."""
    if change.intent.to == REMOVED or not is_compared(change):
        return None
    deep = not change.swift and change.glass is None
    versions = (asked.candidate, asked.deployed)
    return comparison_of(ctx, repo, asked.policy, asked.commit, asked.intent, versions, deep=deep)


def followed(environment: Environment, change: Change) -> bool:
    """Whether there is anything to follow after the merge: an engine that tells, a ladder to climb, more regions."""
    climbs = change.rung is not None and change.rung.percent < 100
    return environment.rollout.engine != "none" or climbs or environment.first


def by_rule(ctx: Context, change: Change) -> str:
    """Why a rule asked for it, where nobody did; whoever asks for it since has only joined."""
    joined = sum(remark.mark.startswith("join:") for remark in change.remarks)
    if not (change.cause or change.rule) or len(change.requesters) > joined:
        return ""
    if change.rule:
        return f"Asked for by the policy: {change.rule}."
    cause = ctx.changes.get(change.cause or "")
    because = f"#{cause.number}" if cause and cause.number else "an earlier change"
    return f"Asked for by the policy, because of {because}."


def _successor(ctx: Context, change: Change) -> Change | None:
    return ctx.changes.get(change.superseded_by) if change.superseded_by else None


def _today(repo: Repo, base: str, target: Target, change: Change) -> tuple[Intent | None, str]:
    if change.by_hand:
        problem = problem_of(change.moves)
        return (None if problem else change.intent), problem
    try:
        if change.blocks_of:
            then = Past(change.blocks_of, 0.0, change.intent.to)
            refuse_foreign(repo, target, past(repo, base, target), then)
        return repo.intent(base, target, change.intent, change.aim), ""
    except Refused as why:
        return None, why.message


def gates_of(ctx: Context, repo: Repo, change: Change, asked: Judged, pull: Pull) -> tuple[GateResult, ...]:
    """The gates of the target, judged; for a rollback to the version before they only inform."""
    gates = asked.policy.gates_of(change.intent.model, asked.environment)
    gates = gates_by_hand(change, gates_beside(ctx, asked.policy, change.intent, asked.moves, gates))
    results = judge(gates, facts_for(ctx, repo, gates, asked))
    results = judged_with_waivers(ctx, asked, change, pull, results)
    return advisory(results) if change.swift or change.glass else (*version_gates(change, asked.candidate), *results)


def _approvers(policy: Policy, environment: Environment) -> tuple[str, ...]:
    listed = policy.notify_for(environment.name, "needs_review")
    return listed or tuple(ref for ref in environment.approvals.refs if ref.startswith("slack:"))


def _notify_blocked(policy: Policy, environment: Environment, change: Change) -> tuple[str, ...]:
    asked = tuple(f"slack:{person.user}" for person in change.requesters)
    return (*asked, *policy.notify_for(environment.name, "failed"))
