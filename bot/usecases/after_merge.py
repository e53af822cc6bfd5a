"""What is done with a merged change besides looking at it: the registry is told, and a person takes it on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import ChangeState
from bot.domain.commands import MarkHealthy, TakeOn
from bot.domain.watching import version_tags
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.looking import next_of
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt
from bot.usecases.watch import ask_watch


def mark_healthy(ctx: Context, repo: Repo, command: MarkHealthy) -> None:
    """Tag the version with change, commit and environment; move the environment's alias to it, unless something newer
    took its place meanwhile. A version that the registry does not have is nobody's fault: there is nothing to mark."""
    change = ctx.changes.get(command.change)
    if change is None:
        return
    policy = repo.policy(ctx.checkout.fetch())
    intent = change.intent
    name = policy.registered_name(intent.model)
    alias = policy.environment(intent.environment).healthy_alias
    try:
        ctx.registry.set_tags(name, intent.to, version_tags(change))
        if alias and next_of(ctx, change) is None:
            ctx.registry.set_alias(name, alias, intent.to)
    except Refused:
        return


def take_on(ctx: Context, row: Row, command: TakeOn) -> None:
    """Somebody says that they look after it. Raises Refused(UNKNOWN_CHANGE | ALREADY_DECIDED)."""
    change = ctx.changes.get(command.change)
    if change is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is not known here.", "Look at the newest card of the model.")
    if change.state is not ChangeState.WATCHING:
        raise Refused(Reason.ALREADY_DECIDED, f"#{change.number} is watched no more.", "The card shows how it ended.")
    change = ctx.changes.update(change.id, lambda c: replace(c, owner=c.owner or command.by))
    ask_watch(ctx, row.key, change)
    mine = change.owner == command.by
    receipt(ctx, command.by, command.origin, "It is yours." if mine else "Somebody else is on it already.", change.url)
