"""What pull requests by hand are told by where the policy of the default branch cannot be read: nothing goes on, except
what mends it."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.policy import is_policy_file
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.hand_moves import moves_of_branch
from bot.usecases.repo import Repo

MENDS = "It mends the policy, and no deployed version changes here"


def enforced(repo: Repo, commit: str) -> bool:
    """Whether the policy enforces: where it cannot be read, as the newest one before it that could; else it does."""
    try:
        return repo.back.policy(commit).enforce
    except Refused:
        return True


def mends(ctx: Context, repo: Repo, base: str, head: str) -> bool:
    """Whether merging ``head`` puts a policy that can be read in the place of one that cannot, and moves nothing: by
    that policy, and by the newest one that held before. Without it a broken policy could only be mended past the
    rules."""
    start = ctx.checkout.merge_base(head, base) if ctx.checkout.ensure(head) else None
    if start is None or policy_moved(ctx, start, base) or not policy_moved(ctx, start, head):
        return False
    try:
        policies = [repo.policy(head)]
    except Refused:
        return False
    with suppress(Refused):  # there may never have been one
        policies.append(repo.back.policy(base))
    return all(moves_of_branch(repo.back, policy, base, head) == () for policy in policies)


def policy_moved(ctx: Context, old: str, new: str) -> bool:
    """Whether files of the policy differ between two commits."""
    return any(map(is_policy_file, ctx.checkout.changed_paths(old, new)))
