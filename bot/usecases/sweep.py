"""Nudges and the clock: which pull requests to look at again. Neither carries state; the reconciler re-reads."""

from __future__ import annotations

from bot.domain.commands import Nudge, Reconcile, TellPush
from bot.domain.facts import Pull
from bot.domain.state_files import BRANCH
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.group import ask_groups
from bot.usecases.pushes import ask_push

FULL_EVERY = 10  # sweeps; checks and reviews move without moving `updated_at`, so everything is looked at now and then


class Sweeper:
    """Remembers what it saw last, so that a sweep over settled pull requests asks for nothing more."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[object, ...]] = {}
        self._count = 0

    def sweep(self, ctx: Context, row: Row) -> int:
        """Ask for a reconcile of every pull request that moved, and of every change whose pull request is gone."""
        # Freezes and bans may have been edited by hand on their branch, of which nobody tells.
        head = ctx.checkout.fetch()
        heads = f"{head} {ctx.checkout.ref(BRANCH)}"
        ask_push(ctx, f"{row.key}:push", head)
        ask_groups(ctx, row.key)
        pulls = {pull.number: pull for pull in ctx.forge.open_pulls()}
        full = self._count % FULL_EVERY == 0
        self._count += 1
        asked = {n for n, pull in pulls.items() if full or self._seen.get(n) != _key(pull, heads)}
        asked |= {c.number for c in ctx.changes.all_open() if c.number is not None and c.number not in pulls}
        for number in sorted(asked):
            ctx.inbox.put(f"{row.key}:{number}", Reconcile(number=number))
        self._seen = {number: _key(pull, heads) for number, pull in pulls.items()}
        return len(asked)


def _key(pull: Pull, heads: str) -> tuple[object, ...]:
    return (pull.head, pull.updated_at, pull.labels, heads)


def nudge(ctx: Context, row: Row, command: Nudge) -> None:
    """From names to pull requests: a status names a commit, a push names a branch."""
    if command.after:
        push = TellPush(before=command.before, after=command.after, pusher=command.pusher)
        ctx.inbox.put(f"push:{row.key}", push)
    numbers = set(command.pulls)
    if command.shas or command.default_branch_moved:
        pulls = ctx.forge.open_pulls()
        numbers |= {p.number for p in pulls if command.default_branch_moved or p.head in command.shas}
    for number in sorted(numbers):
        ctx.inbox.put(f"{row.key}:{number}", Reconcile(number=number))
