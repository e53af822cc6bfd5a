"""What is added to the details page of a change beside its looks: its picture, and what came after the merge."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.cards import ChangeCard
from bot.domain.change import Action, Change
from bot.domain.chart import Chart
from bot.domain.details import Details, as_json, from_json
from bot.domain.details_ending import ROLLED_BACK, charted, rolled_out
from bot.usecases.context import Context


def keep_chart(ctx: Context, change: str, chart: Chart | None) -> None:
    """Write down what the picture of a change shows."""
    _edit(ctx, change, lambda kept: charted(kept, chart))


def keep_ending(ctx: Context, card: ChangeCard) -> None:
    """Write down what the watcher tells of a merged change, in its card's words."""
    at = ctx.clock.now()
    _edit(ctx, card.change, lambda kept: rolled_out(kept, card.stage.value, card.note, at))


def keep_rolled_back(ctx: Context, rollback: Change) -> None:
    """The page of the change that a merged rollback took back says so, whether or not it was still watched."""
    intent, at = rollback.intent, ctx.clock.now()
    if intent.action is not Action.ROLLBACK:
        return
    until = rollback.merged_at or at
    merged = [one for one in ctx.changes.merged_for(intent.model, intent.environment) if one.id != rollback.id]
    taken = next((one for one in merged if one.intent.to == intent.frm and (one.merged_at or 0.0) <= until), None)
    if taken is not None:
        note = f"#{rollback.number} went back to {intent.to}."
        _edit(ctx, taken.id, lambda kept: rolled_out(kept, ROLLED_BACK, note, at))


def _edit(ctx: Context, change: str, edit: Callable[[Details], Details]) -> None:
    """Nothing is written where it is so already, nor where the change was never looked at."""
    kept = ctx.evaluations.get(change) if ctx.evaluations is not None else None
    before = from_json(kept[1]) if kept else None
    if ctx.evaluations is not None and before is not None:
        ctx.evaluations.save(change, ctx.clock.now(), as_json(edit(before)))
