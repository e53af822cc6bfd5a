"""The branch `slackops-state`: small files that the bot commits, that outlive its database, that anyone can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from bot.domain.audit_anchor import AUDIT, parse_anchor
from bot.domain.state_files import BANS, BRANCH, FREEZES, BrokenState, parse_bans, parse_freezes
from bot.domain.stops import Stops
from bot.errors import ForgeUnavailable, Reason, Refused
from bot.ports import Checkout, NewCommit, Row
from bot.usecases.context import Context

TRIES = 8
LOOKED_BACK = 100  # commits among which an earlier run of the same row is looked for
ROW = "SlackOps-Row"
_PARSERS: dict[str, Callable[[bytes], object]] = {FREEZES: parse_freezes, BANS: parse_bans, AUDIT: parse_anchor}

_One = TypeVar("_One")
_kept: WeakKeyDictionary[Checkout, tuple[str, Stops]] = WeakKeyDictionary()


def read_stops(checkout: Checkout) -> Stops:
    """Freezes and bans as of the last fetch; kept by commit. A branch that is not there says nothing."""
    head = checkout.ref(BRANCH)
    if head is None:
        return Stops()
    known = _kept.get(checkout)
    if known and known[0] == head:
        return known[1]
    stops = _read(checkout, head)
    _kept[checkout] = (head, stops)
    return stops


def _read(checkout: Checkout, head: str) -> Stops:
    files = checkout.read(head, [FREEZES, BANS])
    freezes, freezes_fault = _parsed(lambda: parse_freezes(files.get(FREEZES)))
    bans, bans_fault = _parsed(lambda: parse_bans(files.get(BANS)))
    return Stops(freezes, bans, freezes_fault, bans_fault)


def _parsed(parse: Callable[[], tuple[_One, ...]]) -> tuple[tuple[_One, ...], str]:
    try:
        return parse(), ""
    except BrokenState as why:
        return (), f"{why} (branch {BRANCH})"


def commit_state(ctx: Context, row: Row, path: str, edit: Callable[[bytes | None], bytes | None], message: str) -> bool:
    """Put what ``edit`` makes of the file into the branch, on whatever stands there now; False when there was nothing
    to write. An earlier run of the row that got this far is recognised by its trailer, and nothing is written again.

    ``edit`` gives None for nothing to do, and may raise Refused. Raises ForgeUnavailable when others keep being faster.
    """
    for _ in range(TRIES):
        ctx.checkout.fetch()
        head = ctx.checkout.ref(BRANCH)
        if head and _done(ctx, head, path, row):
            return False
        old = ctx.checkout.read(head, [path]).get(path) if head else None
        new = edit(old)
        if new is None or new == old:
            return False
        _fits(path, new)
        if _pushed(ctx, row, head, {path: new}, message):
            return True
    raise ForgeUnavailable(f"others write to the branch {BRANCH} all the time", retry_after=5)


def _fits(path: str, data: bytes) -> None:
    """Raises Refused for what could not be read again, as a file that is too long: it would stop every promotion."""
    try:
        _PARSERS[path](data)
    except BrokenState as why:
        unblock = "Give a shorter reason, or lift what nobody needs any more."
        raise Refused(Reason.BAD_USAGE, f"Not written, for nobody could read it: {why}.", unblock) from None


def _pushed(ctx: Context, row: Row, head: str | None, files: dict[str, bytes], message: str) -> bool:
    text = f"{message}\n\n{ROW}: {row.id}\n"
    commit = NewCommit((head,) if head else (), head, files, text, int(row.created_at))
    return ctx.checkout.push(ctx.checkout.commit(commit), BRANCH)


def _done(ctx: Context, head: str, path: str, row: Row) -> bool:
    mark = f"{ROW}: {row.id}"
    return any(mark in entry.message.splitlines() for entry in ctx.checkout.history(head, [path], LOOKED_BACK))
