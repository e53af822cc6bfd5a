"""A change's branch as it is now: what it holds, and what it means."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.facts import Check, ForgeReview, Pull
from bot.domain.policy import Target
from bot.domain.snapshot import Content
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.hand_moves import hand_digest
from bot.usecases.repo import Repo


def content_of(ctx: Context, repo: Repo, target: Target, change: Change, pull: Pull) -> Content:
    """Whether the branch holds the change, and nothing else."""
    if pull.base_ref != ctx.forge.default_branch:
        return Content.ELSEWHERE
    if pull.head == change.head and not (change.by_hand and _untold(ctx, pull)):
        return Content.OURS
    if not ctx.checkout.ensure(pull.head):
        return Content.UNKNOWN
    return Content.OURS if digest_at(ctx, repo, target, change, pull.head, pull) else Content.FOREIGN


def _untold(ctx: Context, pull: Pull) -> bool:
    """Whether nobody can tell what merging it would do by now: see `moves_of_branch`."""
    joined = pull.merged or (ctx.checkout.ensure(pull.head) and ctx.checkout.merge_base(pull.head, ctx.checkout.head()))
    return not joined


def digest_at(ctx: Context, repo: Repo, target: Target, change: Change, commit: str, pull: Pull) -> str | None:
    """The digest of what a commit does to its merge base, computed from trees; None when it does anything else."""
    if change.by_hand:
        return hand_digest(ctx, repo, change, commit, pull)
    if not ctx.checkout.ensure(commit):
        return None
    onto = change.base if pull.merged or change.state.final else ctx.checkout.head()
    base = ctx.checkout.merge_base(commit, onto)
    if base is None:
        return None
    try:
        intent = repo.intent(base, target, change.intent, change.aim)
        files = repo.rendered(base, target, change.aim)
    except Refused:
        return None
    if sorted(ctx.checkout.changed_paths(base, commit)) != sorted(files):
        return None
    return intent.digest if ctx.checkout.read(commit, sorted(files)) == files else None


def behind(ctx: Context, pull: Pull, base: str) -> bool:
    """The base has commits that the branch has not."""
    return ctx.checkout.ensure(pull.head) and ctx.checkout.merge_base(pull.head, base) != base


def situation_of(pull: Pull, base: str, checks: list[Check], reviews: list[ForgeReview]) -> str:
    """What a refused merge was about: it is tried again when any of it changes."""
    states = ",".join(f"{c.name}={c.state.value}" for c in sorted(checks, key=lambda c: c.name))
    words = ",".join(f"{r.id}={r.verdict.value}" for r in reviews)
    return f"{pull.head[:12]}:{base[:12]}:{states}:{words}"
