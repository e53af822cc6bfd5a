"""Into the forge's merge queue and out of it, as the record of a change tells it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import MergeRefusal, Remark
from bot.domain.snapshot import Snapshot
from bot.usecases.audited import BOT, entry
from bot.usecases.context import Context

GAVE_UP = "The merge queue took it out again without merging it."


def entered(ctx: Context, seen: Snapshot) -> None:
    """The forge has taken it into its queue."""
    told = entry(ctx, f"queued:{seen.change.id}:{seen.now:.0f}", "queued", BOT, seen.change)
    ctx.changes.update(seen.change.id, lambda c: replace(c, queued_at=seen.now, merge_refusal=None), told)


def take_out(ctx: Context, seen: Snapshot, why: str) -> None:
    """The forge first, then the record: after a kill in between the next look finds it out of the queue."""
    ctx.forge.dequeue(seen.pull.number)
    text = f"Taken out of the merge queue: {why}" if why else "Taken out of the merge queue."
    remarks = seen.change.remarks
    if remarks and remarks[-1].text == text:  # the forge is slow to show that it is out
        return
    remark = Remark(f"dequeued:{len(remarks)}", text)
    told = entry(ctx, f"{remark.mark}:{seen.change.id}", "dequeued", BOT, seen.change, why=why or None)
    ctx.changes.update(seen.change.id, lambda c: replace(c, queued_at=None, remarks=(*c.remarks, remark)), told)


def left(ctx: Context, seen: Snapshot) -> None:
    """The forge gave it up, for a check that failed or a conflict: it is tried again when something has changed, or
    after a while."""
    refusal = MergeRefusal(GAVE_UP, seen.situation, seen.now)
    told = entry(
        ctx, f"left-queue:{seen.change.id}:{seen.change.queued_at or 0:.0f}", "left_queue", "github", seen.change
    )
    ctx.changes.update(
        seen.change.id, lambda c: replace(c, queued_at=None, merge_refusal=None if c.by_hand else refusal), told
    )
