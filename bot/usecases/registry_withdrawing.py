"""What an alias asked for, and asks for no more because it was moved back to what is deployed."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, ChangeState
from bot.domain.commands import ProposeByRule, Reconcile
from bot.domain.registry_events import same_alias
from bot.ports import Row
from bot.usecases.audited import POLICY, entry
from bot.usecases.context import Context
from bot.usecases.reconcile import ask_reconcile

NET_SECONDS = 2.0


def withdraw(ctx: Context, row: Row, command: ProposeByRule, environment: str) -> None:
    """Close the change that the same alias asked for, unless people asked for it too: else it would merge by itself
    though nobody wants it any more. The next look closes the pull request."""
    change = ctx.changes.open_for(command.model, environment)
    if change is None or change.requesters or not same_alias(command.rule, change.rule):
        return
    why = f"Withdrawn: {command.rule}, which is deployed."

    def closed(now: Change) -> Change:
        stays = now.state.final or bool(now.requesters)
        return now if stays else replace(now, state=ChangeState.CLOSED, close_reason=why)

    if change.number is not None:  # before: a kill in between must not leave the pull request open
        ctx.inbox.put(f"{row.key}:withdrawn", Reconcile(number=change.number), delay=NET_SECONDS)
    ctx.changes.update(change.id, closed, entry(ctx, f"withdrawn:{change.id}", "withdrawn", POLICY, change, why=why))
    if change.number is not None:
        ask_reconcile(ctx, row, change.number)
