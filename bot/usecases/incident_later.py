"""What time alone changes on an incident's card: that it flaps no more, or that nothing new is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.commands import LookIncident
from bot.domain.drifting.incidents import FLAPS, Incident
from bot.domain.drifting.silence import DAY, quiet_from
from bot.usecases.context import Context

TEN_MINUTES = 600.0


def look_later(ctx: Context, card: str, incidents: Iterable[Incident]) -> None:
    """Have the card looked at again then. Rounded up, so that each new window asks for the same look."""
    now = ctx.clock.now()
    for one in incidents:
        if one.is_open:
            _look_at(ctx, card, quiet_from(one), DAY)
        if one.flaps(now):
            _look_at(ctx, card, one.bounces[-1] + FLAPS, TEN_MINUTES)


def _look_at(ctx: Context, card: str, when: float, step: float) -> None:
    now, turn = ctx.clock.now(), (when // step + 1) * step
    if turn > now:
        ctx.inbox.put(f"incident:{card}:later:{turn:.0f}", LookIncident(incident=card), delay=turn - now)
