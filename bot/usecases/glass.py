"""`/rollback --break-glass`: when it cannot be, how a change is marked, and how long that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.change import Change
from bot.domain.commands import Rollback
from bot.domain.glass import ROLE, broken
from bot.domain.policy import Policy
from bot.errors import ChatUnavailable, Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.identity import allowed


def refuse_glass(ctx: Context, command: Rollback) -> None:
    """Raises Refused(BAD_USAGE) without a reason, and Refused(FORGE_REQUIRES_REVIEW) where the forge itself demands
    reviews of every merge: the bot has no way around its rules, and wants none."""
    if not (command.reason or "").strip():
        raise Refused(Reason.BAD_USAGE, "Glass is broken with a reason.", "Add `--reason TEXT`.")
    required = ctx.forge.required_reviews()
    if required:
        raise Refused(
            Reason.FORGE_REQUIRES_REVIEW,
            f"The branch rules want {required} review{'s' if required > 1 else ''} of every merge.",
            "Ask for the rollback without `--break-glass`, and have somebody with write access approve it.",
        )


def as_judged(ctx: Context, policy: Policy, change: Change, environments: Sequence[str]) -> Change:
    """The change as the rules see it now: what broke the glass goes by its normal rules once it means something else,
    as when another version was merged meanwhile, or once whoever broke it may not any more. It stays marked."""
    if change.glass is None or change.state.final:
        return change
    means_it = change.glass.digest in (None, change.intent.digest)
    may = means_it and _may(ctx, policy, change, (change.intent.environment, *environments))
    return change if may else replace(change, glass=None)


def _may(ctx: Context, policy: Policy, change: Change, environments: Sequence[str]) -> bool:
    """The role, by today's policy and groups. It was asked for at first, so a Slack that is silent takes nothing."""
    assert change.glass is not None
    try:
        return allowed(ctx, policy, change.glass.by, ROLE, environments, change.intent.model)
    except ChatUnavailable:
        return True


def break_it(
    ctx: Context, policy: Policy, change: Change, environments: Sequence[str], command: Rollback, row: Row
) -> Change:
    """Mark the open change. While it is marked, and that holds, a second time changes nothing: whoever was first stays
    the one who did it."""
    if as_judged(ctx, policy, change, environments).glass is not None:
        return change
    reason = command.reason or ""
    told = entry(ctx, f"glass:{row.id}", "broke the glass", command.by, change, why=reason)
    return ctx.changes.update(change.id, lambda c: broken(c, command.by, reason, row.id), told)
