"""From a row of the inbox to its use case: what concerns the card of an incident, or of many."""

from __future__ import annotations

from bot.domain.commands import (
    CloseIncident,
    JoinStorm,
    ListStorm,
    LookIncident,
    LookStorm,
    ShowIncident,
    SnoozeIncident,
    TakeIncident,
)
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.incident_asked import snooze_incident, take_incident
from bot.usecases.incident_closing import close_incident
from bot.usecases.incident_details import show_incident
from bot.usecases.incident_look import look_incident
from bot.usecases.repo import Repo
from bot.usecases.storm import join_storm
from bot.usecases.storm_listed import list_storm
from bot.usecases.storm_look import look_storm

OfIncidents = (
    LookIncident | TakeIncident | SnoozeIncident | CloseIncident | ShowIncident | JoinStorm | LookStorm | ListStorm
)


def carry_out_incident(ctx: Context, repo: Repo, row: Row, command: OfIncidents) -> None:
    """Carry out one row of this kind."""
    match command:
        case LookIncident():
            look_incident(ctx, repo, row, command)
        case TakeIncident():
            take_incident(ctx, row, command)
        case SnoozeIncident():
            snooze_incident(ctx, repo, row, command)
        case CloseIncident():
            close_incident(ctx, repo, row, command)
        case ShowIncident():
            show_incident(ctx, command)
        case JoinStorm():
            join_storm(ctx, repo, row, command)
        case LookStorm():
            look_storm(ctx, repo, row, command)
        case ListStorm():
            list_storm(ctx, command)
