"""Nudges and the clock: which pull requests to look at again. Neither carries state; the reconciler re-reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.domain.commands import Nudge, Reconcile, TellPush
from bot.domain.state_files import BRANCH
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.group import ask_groups
from bot.usecases.pushes import ask_push
from bot.usecases.retrain_looking import ask_retrains

FULL_EVERY = 10  # sweeps, after which what looks settled is looked at all the same


class Sweeper:
    """Remembers what it saw last, so that a sweep over settled pull requests asks for nothing more than that."""

    def __init__(self) -> None:
        self._seen: dict[bool, Mapping[int, str]] = {}  # apart by what told it: one cannot be compared with the other
        self._heads = ""
        self._looked: dict[int, int] = {}
        self._count = 0

    def sweep(self, ctx: Context, row: Row) -> int:
        """Ask for a reconcile of every pull request that moved, and of every change whose pull request is gone."""
        # Freezes and bans may have been edited by hand on their branch, of which nobody tells.
        head = ctx.checkout.fetch()
        heads = f"{head} {ctx.checkout.ref(BRANCH)}"
        ask_push(ctx, f"{row.key}:push", head)
        ask_groups(ctx, row.key)
        ask_retrains(ctx)
        told = ctx.forge.glance()
        now, glanced = (told, True) if told is not None else (_listed(ctx), False)
        self._count += 1
        full = heads != self._heads or (not glanced and self._count % FULL_EVERY == 1)
        asked = set(now) if full else self._moved(now, glanced)
        asked |= {c.number for c in ctx.changes.all_open() if c.number is not None and c.number not in now}
        asked |= self._oldest(now)
        for number in sorted(asked):
            ctx.inbox.put(f"{row.key}:{number}", Reconcile(number=number))
        self._seen[glanced], self._heads = now, heads
        self._looked = {n: self._count if n in asked else self._looked.get(n, self._count) for n in now}
        return len(asked)

    def _moved(self, now: Mapping[int, str], glanced: bool) -> set[int]:
        """What is not as it was when the same was asked last. Where that is new, because the other way failed now, only
        what nobody has seen yet: what moved meanwhile shows when the other way is back."""
        before = self._seen.get(glanced)
        if before is None:
            return set(now) - self._looked.keys()
        return {number for number, text in now.items() if before.get(number) != text}

    def _oldest(self, numbers: Collection[int]) -> set[int]:
        """The one that was looked at longest ago, if that was a while: who is in a group moves no pull request."""
        number = min(numbers, key=lambda n: (self._looked.get(n, self._count), n), default=None)
        waited = self._count - self._looked.get(number, self._count) if number is not None else 0
        return {number} if number is not None and waited >= FULL_EVERY else set()


def _listed(ctx: Context) -> Mapping[int, str]:
    """Where the forge tells of a list only: reviews and checks do not move it."""
    return {pull.number: repr((pull.head, pull.updated_at, pull.labels)) for pull in ctx.forge.open_pulls()}


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
