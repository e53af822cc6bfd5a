"""Pull requests that people opened: our two statuses stand on them too, so that they can be required."""

from __future__ import annotations

from bot.domain.commit_statuses import APPROVALS, GATES
from bot.domain.facts import Pull, Status
from bot.domain.policy import Policy, Target, is_policy_file
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo, target_at


def reconcile_by_hand(ctx: Context, repo: Repo, pull: Pull) -> int:
    """Set both statuses where they differ; the number of writes. Success where no bound value changes."""
    if pull.state != "open":
        return 0
    state, text = _verdict(ctx, repo, pull)
    now, writes = ctx.forge.statuses(pull.head), 0
    for context in (GATES, APPROVALS):
        status = Status(context, state, text[:140])
        if now.get(context) != status:
            ctx.forge.set_status(pull.head, status, pull.url)
            writes += 1
    return writes


def _verdict(ctx: Context, repo: Repo, pull: Pull) -> tuple[str, str]:
    base_head = ctx.checkout.head()
    if not ctx.checkout.ensure(pull.head):
        return "pending", "The head of this branch cannot be read yet"
    base = ctx.checkout.merge_base(pull.head, base_head)
    if base is None:
        return "failure", "This branch has no common history with the default branch"
    changed = ctx.checkout.changed_paths(base, pull.head)
    if any(map(is_policy_file, changed)):
        try:
            repo.policy(pull.head)
        except Refused as why:
            return "failure", f"The policy would be invalid: {why.message}"
        if all(map(is_policy_file, changed)):
            return "success", "The policy is valid, and no deployed version changes here"
    return _judged(ctx, repo, base_head, base, pull.head)


def _judged(ctx: Context, repo: Repo, base_head: str, old: str, new: str) -> tuple[str, str]:
    try:
        moved = moved_targets(ctx, repo, repo.policy(base_head), old, new)
    except Refused as why:
        return "error", f"The policy of the default branch cannot be read: {why.message}"
    if not moved:
        return "success", "No deployed version changes here"
    return "failure", f"Changes {', '.join(moved)} by hand; ask for it with /{ctx.command_prefix}promote instead"


def moved_targets(ctx: Context, repo: Repo, policy: Policy, old: str, new: str) -> list[str]:
    """`model in environment` of every target whose bound values differ between two commits."""
    changed = set(ctx.checkout.changed_paths(old, new))
    laid_out = {match[0] for path in changed if (match := policy.match_layout(path)) is not None}
    found = []
    for model in sorted(laid_out | set(policy.models)) if changed else ():
        for environment in policy.environments:
            target = target_at(policy, repo, new, model, environment.name) or target_at(
                policy, repo, old, model, environment.name
            )
            if target is None or not changed & {f for one in (target, *repo.inherited_from(target)) for f in one.files}:
                continue
            if _pinned(repo, target, old) != _pinned(repo, target, new):
                found.append(f"{model} in {environment.name}")
    return found


def _pinned(repo: Repo, target: Target, commit: str) -> object:
    """What a target says, or inherits, whatever the line it stands on; all bytes where that is not one version."""
    seen = repo.standing(commit, target)
    told = seen.source or seen.reading
    if told.state == "pinned":
        return seen.said
    return told.state, told.raw, _bytes(repo, target, commit)


def _bytes(repo: Repo, target: Target, commit: str) -> dict[str, bytes]:
    """The files' bytes; those that it inherits from where it says nothing of its own."""
    every = (target, *repo.inherited_from(target))
    return {path: data for one in every for path, data in repo.files(commit, one).items()}
