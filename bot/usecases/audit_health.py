"""Rows about what came after the merge: healthy, degraded, what a rule did, how watching ended."""

from __future__ import annotations

from bot.domain.audit import AuditEntry
from bot.domain.change import Change
from bot.usecases.audited import BOT, POLICY, entry
from bot.usecases.context import Context


def health_entries(
    ctx: Context, change: Change, healthy_at: float | None, degraded_at: float | None
) -> tuple[AuditEntry, ...]:
    """What is told for the first time; times in seconds since the epoch, by the engine's clock."""
    now = (("healthy", change.healthy_at, healthy_at), ("degraded", change.degraded_at, degraded_at))
    return tuple(
        entry(ctx, f"{what}:{change.id}:{at:.3f}", what, BOT, change, evidence={"told_at": at})
        for what, before, at in now
        if at is not None and at != before
    )


def outcome_entry(ctx: Context, change: Change, outcome: str, why: str | None = None) -> AuditEntry:
    """Watching is over. A ladder that goes on again is watched anew, so the chain may tell of several ends."""
    ends = sum(row.entry.what == "watched" for row in ctx.audit.of_change(change.id))
    evidence = {"rollout": outcome, "commit": change.merge_commit}
    return entry(ctx, f"watched:{change.id}:{ends}", "watched", BOT, change, why=why, evidence=evidence)


def auto_entry(ctx: Context, change: Change, text: str | None) -> AuditEntry:
    """What the policy's `on_degraded` rule did, or why it did nothing."""
    return entry(ctx, f"auto:{change.id}", "auto_rollback", POLICY, change, why=text)
