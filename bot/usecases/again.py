"""What nobody asks for a second time, given up because a service stayed away for longer than is tried."""

from __future__ import annotations

from bot.domain.commands import Linked, RevokeToken, TellLeaver
from bot.ports import Row
from bot.usecases.context import Context

LATER = 3600.0
"""Seconds after which it is begun anew."""
MARK = "~"


def put_again(ctx: Context, row: Row) -> None:
    """Begin anew later where nothing else would: a token would stay good, a leaver untold, a link unconfirmed."""
    if isinstance(row.command, RevokeToken | TellLeaver | Linked):
        ctx.inbox.put(f"{first_key(row)}{MARK}{ctx.clock.now() // LATER:.0f}", row.command, LATER)


def first_key(row: Row) -> str:
    """The key of the row that was there first: by it what was said is known."""
    return row.key.partition(MARK)[0]
