"""The world around one change, as one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.approvals import ApprovalRule, SeenReview, Tally, tally
from bot.domain.change import Change, Intent
from bot.domain.facts import Check, ForgeReview, ModelVersion, Pull
from bot.domain.gates import GateResult
from bot.domain.judging import advisory, judge
from bot.domain.past import Past
from bot.domain.policy import Environment, Policy, Target
from bot.domain.snapshot import Content, Snapshot
from bot.domain.soak import SoakFacts
from bot.domain.wording import review_comment
from bot.errors import Refused
from bot.usecases.blocks import refuse_foreign
from bot.usecases.branch import behind, content_of, digest_at, situation_of
from bot.usecases.context import Context
from bot.usecases.history import past
from bot.usecases.identity import approval_rule, askers_of
from bot.usecases.ladder_gate import ladder_gates
from bot.usecases.ladder_words import ladder_of, serving_of
from bot.usecases.looking import still_unattended
from bot.usecases.pull_text import version_details
from bot.usecases.repo import Repo, find_target
from bot.usecases.soak import Waiting, soaks
from bot.usecases.stops import gates_of_change
from bot.usecases.versions import known_versions, metric_lines

NOBODY = Tally(0, 0, (), ())


def snapshot(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    """Everything that the reconciler looks at. Where the policy or the target cannot be read, the change is judged by
    what is left: it may end, but it goes nowhere else."""
    try:
        return _whole(ctx, repo.back if change.swift else repo, change, pull)
    except Refused as why:
        return _bare(ctx, change, pull, why.message)


def _bare(ctx: Context, change: Change, pull: Pull, problem: str) -> Snapshot:
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
        branch_exists=ctx.checkout.ref(change.branch) is not None,
        successor=_successor(ctx, change),
    )


def _whole(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    base = ctx.checkout.head()
    policy = repo.policy(base)
    stage = policy.environment(change.intent.environment)
    target = find_target(policy, repo, base, change.intent.model, stage)
    served = repo.served(policy, base, target)
    environment = policy.judged_by(replace(target, shared_with=served))
    today, problem = _today(repo, base, target, change)
    candidate, deployed = known_versions(ctx, policy, change.intent)
    checks, reviews = ctx.forge.checks(pull.head), ctx.forge.reviews(pull.number)
    rule = approval_rule(ctx, environment, still_unattended(ctx, repo, policy, change, pull))
    card = ctx.posts.get(change.id, "card")
    waiting = Waiting(policy, base, change.intent.model, change.intent.to, (environment.name, *served))
    soaked = soaks(ctx, repo, environment.gates, waiting)
    return Snapshot(
        change=change,
        pull=pull,
        base_head=base,
        today=today,
        problem=problem,
        content=content_of(ctx, repo, target, change, pull),
        gates=(
            *gates_of(policy, environment, change, candidate, deployed, checks, soaked),
            *gates_of_change(ctx, policy, environment, change, served),
            *ladder_gates(ctx, repo, policy, target, change, pull),
        ),
        tally=_tally(ctx, repo, rule, target, change, pull, reviews),
        metrics=metric_lines(policy, change.intent, candidate, deployed),
        auto_merge=environment.merge.auto,
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
        details=tuple(version_details(change.intent, candidate, deployed)),
        successor=_successor(ctx, change),
        also=served,
        followed=followed(stage, change),
        by_rule=by_rule(ctx, change),
        serving=serving_of(ctx, repo, target, change),
        steps=ladder_of(environment, change),
    )


def followed(environment: Environment, change: Change) -> bool:
    """Whether there is anything to follow after the merge: an engine that tells, a ladder to climb, more regions."""
    climbs = change.rung is not None and change.rung.percent < 100
    return environment.rollout.engine != "none" or climbs or environment.first


def by_rule(ctx: Context, change: Change) -> str:
    """Why a rule asked for it, where nobody did; whoever asks for it since has only joined."""
    joined = sum(remark.mark.startswith("join:") for remark in change.remarks)
    if not change.cause or len(change.requesters) > joined:
        return ""
    cause = ctx.changes.get(change.cause)
    because = f"#{cause.number}" if cause and cause.number else "an earlier change"
    return f"Asked for by the policy, because of {because}."


def _successor(ctx: Context, change: Change) -> Change | None:
    return ctx.changes.get(change.superseded_by) if change.superseded_by else None


def _today(repo: Repo, base: str, target: Target, change: Change) -> tuple[Intent | None, str]:
    try:
        if change.blocks_of:
            then = Past(change.blocks_of, 0.0, change.intent.to)
            refuse_foreign(repo, target, past(repo, base, target), then)
        return repo.intent(base, target, change.intent, change.aim), ""
    except Refused as why:
        return None, why.message


def gates_of(
    policy: Policy,
    environment: Environment,
    change: Change,
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    checks: list[Check] | None,
    soaked: Mapping[str, SoakFacts],
) -> tuple[GateResult, ...]:
    """The gates of the target, judged; for a rollback to the version before they only inform."""
    gates = policy.gates_of(change.intent.model, environment)
    results = judge(gates, candidate, deployed, change.intent.frm is None, checks, soaked)
    return advisory(results) if change.swift else results


def _tally(
    ctx: Context,
    repo: Repo,
    rule: ApprovalRule,
    target: Target,
    change: Change,
    pull: Pull,
    reviews: list[ForgeReview],
) -> Tally:
    seen = [_seen(ctx, repo, target, change, pull, review) for review in reviews]
    return tally(seen, rule, askers_of(ctx, change))


def _seen(ctx: Context, repo: Repo, target: Target, change: Change, pull: Pull, review: ForgeReview) -> SeenReview:
    return SeenReview(
        login=review.login,
        person=ctx.links.by_login(review.login),
        verdict=review.verdict,
        same_change=digest_at(ctx, repo, target, change, review.commit, pull) == change.intent.digest,
        may_write=ctx.forge.may_write(review.login),
        comment=review_comment(review.body),
        id=review.id,
    )


def _approvers(policy: Policy, environment: Environment) -> tuple[str, ...]:
    listed = policy.notify_for(environment.name, "needs_review")
    return listed or tuple(ref for ref in environment.approvals.from_ if ref.startswith("slack:"))


def _notify_blocked(policy: Policy, environment: Environment, change: Change) -> tuple[str, ...]:
    asked = tuple(f"slack:{person.user}" for person in change.requesters)
    return (*asked, *policy.notify_for(environment.name, "failed"))
