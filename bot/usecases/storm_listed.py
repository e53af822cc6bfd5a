"""A storm's incidents, to whoever asked for them."""

from __future__ import annotations

from bot.domain.commands import ListStorm
from bot.domain.storm_cards import StormList
from bot.domain.storm_words import lines
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.tell import answer

LISTED = 150
"""Incidents in one message: more do not fit into what Slack takes."""


def list_storm(ctx: Context, command: ListStorm) -> None:
    """Every incident of it, the worst first. Raises Refused(UNKNOWN_INCIDENT)."""
    members = ctx.incident_log.of_storm(command.storm) if ctx.incident_log else []
    if not members:
        raise Refused(Reason.UNKNOWN_INCIDENT, "This storm is not known here.", "`/drift` shows what is open.")
    shown = lines(members)
    card = StormList(min(one.opened for one in members), tuple(shown[:LISTED]), max(0, len(shown) - LISTED))
    answer(ctx, command.by, command.origin, card)
