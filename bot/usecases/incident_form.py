"""The form of a snooze, filled with what is known of the card that was clicked."""

from __future__ import annotations

from bot.domain.commands import FillForm
from bot.domain.forms import Choice, SnoozeIncidentForm
from bot.usecases.context import Context
from bot.usecases.incident_asked import log_of, meant, open_ones, theirs
from bot.usecases.repo import Repo

SPANS = (Choice("4 hours", "4h"), Choice("1 hour", "1h"), Choice("1 day", "1d"), Choice("1 week", "1w"))
"""The first one stands filled in: until the end of a shift, or of a night."""


def snooze_incident_form(ctx: Context, repo: Repo, command: FillForm) -> SnoozeIncidentForm:
    """The form; ``change`` of the command is the incident's id, ``digest`` the storm's where it is a storm's card.
    Raises Refused(UNKNOWN_INCIDENT | ALREADY_DECIDED | NOT_ALLOWED)."""
    incident, storm = command.change or "", command.digest or ""
    policy = repo.back.policy(ctx.checkout.head())
    mine = theirs(ctx, policy, command.by, open_ones(meant(log_of(ctx), incident, storm)))
    about = f"{mine[0].model} in {mine[0].environment}" if not storm else f"these {len(mine)} incidents"
    return SnoozeIncidentForm(about, SPANS, incident, storm, command.origin.channel)
