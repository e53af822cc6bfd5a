"""What is done with a merged change besides looking at it: the registry is told, and a person takes it on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, ChangeState
from bot.domain.commands import MarkHealthy, TakeOn
from bot.domain.policy import Policy
from bot.domain.watching import version_tags
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.ports import Row
from bot.usecases.audited import BOT, entry, note
from bot.usecases.context import Context
from bot.usecases.looking import merged_at, stands
from bot.usecases.registry_own import remember_own
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt
from bot.usecases.watch import ask_watch

MARK_AGAIN_SECONDS, MARK_FOR_SECONDS = 300.0, 7 * 86400.0


def mark_healthy(ctx: Context, repo: Repo, command: MarkHealthy) -> None:
    """Tag the version with change, commit and environment; move the environment's alias to it, unless something newer
    took its place meanwhile. A version that the registry does not have is nobody's fault: there is nothing to mark.

    Nobody waits for it, so a registry that is away, or a policy that cannot be read, is asked again for days.
    """
    change = ctx.changes.get(command.change)
    if change is None:
        return
    try:
        policy = repo.policy(ctx.checkout.fetch())
    except Refused:
        _mark_later(ctx, change)
        return
    try:
        _mark(ctx, repo, policy, change)
    except RegistryUnavailable:
        _mark_later(ctx, change)
    except Refused:
        return


def _mark(ctx: Context, repo: Repo, policy: Policy, change: Change) -> None:
    intent = change.intent
    name = policy.registered_name(intent.model)
    alias = policy.environment(intent.environment).healthy_alias
    ctx.registry.set_tags(name, intent.to, version_tags(change))
    if alias and stands(ctx, repo, policy, change):
        remember_own(ctx, name, alias, change)
        ctx.registry.set_alias(name, alias, intent.to)
        note(ctx, f"alias:{change.id}", "alias_set", BOT, change, evidence={"registered": name, "alias": alias})


def _mark_later(ctx: Context, change: Change) -> None:
    now = ctx.clock.now()
    if now < merged_at(change) + MARK_FOR_SECONDS:
        key = f"healthy:{change.id}:{now // MARK_AGAIN_SECONDS:.0f}"
        ctx.inbox.put(key, MarkHealthy(change=change.id), delay=MARK_AGAIN_SECONDS)


def take_on(ctx: Context, row: Row, command: TakeOn) -> None:
    """Somebody says that they look after it. Raises Refused(UNKNOWN_CHANGE | ALREADY_DECIDED)."""
    change = ctx.changes.get(command.change)
    if change is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is not known here.", "Look at the newest card of the model.")
    if change.state is not ChangeState.WATCHING:
        raise Refused(Reason.ALREADY_DECIDED, f"#{change.number} is watched no more.", "The card shows how it ended.")
    told = entry(ctx, f"taken-on:{row.id}", "taken_on", command.by, change)
    change = ctx.changes.update(change.id, lambda c: replace(c, owner=c.owner or command.by), told)
    ask_watch(ctx, row.key, change)
    mine = change.owner == command.by
    receipt(ctx, command.by, command.origin, "It is yours." if mine else "Somebody else is on it already.", change.url)
