"""The world around one change, as one snapshot."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.approvals import ApprovalRule, SeenReview, Tally, tally
from bot.domain.cards import MetricLine
from bot.domain.change import Change, Intent
from bot.domain.facts import Check, ForgeReview, ModelVersion, Pull
from bot.domain.gates import GateResult
from bot.domain.judging import advisory, judge
from bot.domain.policy import Environment, Policy, Target
from bot.domain.policy.gates import direction_of
from bot.domain.snapshot import Content, Snapshot
from bot.errors import Refused, RegistryUnavailable
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule
from bot.usecases.repo import Repo, find_target

MARK = "<!-- slackops:review:"


def snapshot(ctx: Context, repo: Repo, change: Change, pull: Pull) -> Snapshot:
    """Everything that the reconciler looks at. Raises Refused(POLICY_INVALID) when the policy cannot be read."""
    base = ctx.checkout.head()
    policy = repo.policy(base)
    environment = policy.environment(change.intent.environment)
    target = find_target(policy, repo, base, change.intent.model, environment)
    today, problem = _today(repo, base, target, change)
    candidate, deployed = known_versions(ctx, policy, change.intent)
    checks = ctx.forge.checks(pull.head)
    gates = gates_of(policy, environment, change, candidate, deployed, checks)
    rule = approval_rule(ctx, environment, change)
    counted = _tally(ctx, repo, rule, target, change, pull)
    return Snapshot(
        change=change,
        pull=pull,
        base_head=base,
        today=today,
        problem=problem,
        content=_content(ctx, repo, target, change, pull),
        gates=gates,
        tally=counted,
        metrics=metric_lines(policy, change.intent, candidate, deployed),
        auto_merge=environment.merge.auto,
        merge_method=environment.merge.method,
        approvers=_approvers(policy, environment),
        notify_blocked=_notify_blocked(policy, environment, change),
        situation=_situation(pull, base, checks),
        now=ctx.clock.now(),
        requester_counts=rule.requester_counts,
        branch_exists=ctx.checkout.ref(change.branch) is not None,
        run_id=candidate.run_id if candidate else None,
        successor=ctx.changes.get(change.superseded_by) if change.superseded_by else None,
    )


def _today(repo: Repo, base: str, target: Target, change: Change) -> tuple[Intent | None, str]:
    try:
        return repo.intent(base, target, change.intent, change.variables), ""
    except Refused as why:
        return None, why.message


def known_versions(ctx: Context, policy: Policy, intent: Intent) -> tuple[ModelVersion | None, ModelVersion | None]:
    """The candidate and the deployed version as the registry knows them; None for what it does not tell now."""
    name = policy.registered_name(intent.model)
    return _known(lambda: ctx.registry.version(name, intent.to)), (
        _known(lambda: ctx.registry.version(name, intent.frm or "")) if intent.frm else None
    )


def _known(look: Callable[[], ModelVersion]) -> ModelVersion | None:
    try:
        return look()
    except (Refused, RegistryUnavailable):
        return None


def gates_of(
    policy: Policy,
    environment: Environment,
    change: Change,
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    checks: list[Check] | None,
) -> tuple[GateResult, ...]:
    """The gates of the target, judged; for a rollback to the version before they only inform."""
    gates = policy.gates_for(change.intent.model, environment.name)
    results = judge(gates, candidate, deployed, change.intent.frm is None, checks)
    return advisory(results) if change.swift else results


def metric_lines(
    policy: Policy, intent: Intent, candidate: ModelVersion | None, deployed: ModelVersion | None
) -> tuple[MetricLine, ...]:
    """The candidate's metrics beside the deployed version's, the model's primary one first."""
    if candidate is None:
        return ()
    primary = policy.model(intent.model).primary_metric
    names = sorted(candidate.metrics, key=lambda name: (name != primary, name))
    before = deployed.metrics if deployed else {}
    return tuple(
        MetricLine(
            name, before.get(name), candidate.metrics[name], _better(policy, intent.model, name, before, candidate)
        )
        for name in names
    )


def _better(policy: Policy, model: str, name: str, before: dict[str, float], candidate: ModelVersion) -> bool | None:
    said = policy.model(model)
    direction = direction_of(name, said.greater_is_better if name == said.primary_metric else None)
    if direction is None or name not in before:
        return None
    gain = candidate.metrics[name] - before[name]
    return gain > 0 if direction == "higher" else gain < 0


def _tally(ctx: Context, repo: Repo, rule: ApprovalRule, target: Target, change: Change, pull: Pull) -> Tally:
    logins = [account.login for p in change.requesters if (account := ctx.links.of(p))]
    seen = [_seen(ctx, repo, target, change, review) for review in ctx.forge.reviews(pull.number)]
    return tally(seen, rule, change.requesters, logins)


def _seen(ctx: Context, repo: Repo, target: Target, change: Change, review: ForgeReview) -> SeenReview:
    return SeenReview(
        login=review.login,
        person=ctx.links.by_login(review.login),
        verdict=review.verdict,
        same_change=digest_at(ctx, repo, target, change, review.commit) == change.intent.digest,
        may_write=ctx.forge.may_write(review.login),
        comment=review.body.split(MARK)[0].strip(),
        id=review.id,
    )


def _content(ctx: Context, repo: Repo, target: Target, change: Change, pull: Pull) -> Content:
    if pull.head == change.head:
        return Content.OURS
    if not ctx.checkout.ensure(pull.head):
        return Content.UNKNOWN
    return Content.OURS if digest_at(ctx, repo, target, change, pull.head) else Content.FOREIGN


def digest_at(ctx: Context, repo: Repo, target: Target, change: Change, commit: str) -> str | None:
    """The digest of what a commit does to its merge base, computed from trees; None when it does anything else."""
    if not ctx.checkout.ensure(commit):
        return None
    onto = change.base if change.state.final else ctx.checkout.head()
    base = ctx.checkout.merge_base(commit, onto)
    if base is None:
        return None
    try:
        intent = repo.intent(base, target, change.intent, change.variables)
        files = repo.rendered(base, target, change.variables)
    except Refused:
        return None
    if sorted(ctx.checkout.changed_paths(base, commit)) != sorted(files):
        return None
    return intent.digest if ctx.checkout.read(commit, sorted(files)) == files else None


def _approvers(policy: Policy, environment: Environment) -> tuple[str, ...]:
    listed = policy.notify_for(environment.name, "needs_review")
    return listed or tuple(ref for ref in environment.approvals.from_ if ref.startswith("slack:"))


def _notify_blocked(policy: Policy, environment: Environment, change: Change) -> tuple[str, ...]:
    asked = tuple(f"slack:{person.user}" for person in change.requesters)
    return (*asked, *policy.notify_for(environment.name, "failed"))


def _situation(pull: Pull, base: str, checks: list[Check]) -> str:
    states = ",".join(f"{c.name}={c.state.value}" for c in sorted(checks, key=lambda c: c.name))
    return f"{pull.head[:12]}:{base[:12]}:{states}"
