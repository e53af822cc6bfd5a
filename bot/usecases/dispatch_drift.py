"""From a row of the inbox to its use case: drift, incidents, retraining, digests."""

from __future__ import annotations

from bot.domain.commands import (
    CloseIncident,
    Command,
    JoinStorm,
    ListStorm,
    LookDigests,
    LookIncident,
    LookRetrain,
    LookStorm,
    MeasureDrift,
    PollDrift,
    ReadDriftSource,
    Retrain,
    SendDigest,
    ShowDrift,
    ShowIncident,
    SnoozeIncident,
    TakeDrift,
    TakeIncident,
)
from bot.errors import Fatal
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.digest_due import look_digests
from bot.usecases.digest_send import send_digest
from bot.usecases.drift_asked import show_drift
from bot.usecases.drift_polling import poll_drift
from bot.usecases.drift_run import measure_drift
from bot.usecases.drift_source import read_source
from bot.usecases.incident_dispatch import carry_out_incident
from bot.usecases.repo import Repo
from bot.usecases.retrain_asked import retrain
from bot.usecases.retrain_looking import look_retrain
from bot.usecases.take_drift import take_drift

Drifted = TakeIncident | SnoozeIncident | CloseIncident | ListStorm | Retrain | ShowDrift | ShowIncident
"""What people ask for."""

DRIFT_TITLES: dict[type, str] = {
    TakeIncident: "Not taken on",
    SnoozeIncident: "Not snoozed",
    CloseIncident: "Not closed",
    ListStorm: "Storm",
    Retrain: "Not retrained",
    ShowDrift: "Drift",
    ShowIncident: "Details",
}
"""What was asked for, for the first line of a refusal."""


def carry_out_drift(ctx: Context, repo: Repo, row: Row, command: Command) -> None:  # noqa: C901  (one line each)
    """Carry out one row of this kind."""
    match command:
        case TakeDrift():
            take_drift(ctx, repo, row, command)
        case LookDigests():
            ctx.inbox.absorb(row)
            look_digests(ctx, repo)
        case SendDigest():
            send_digest(ctx, repo, command)
        case ShowDrift():
            show_drift(ctx, repo, command)
        case PollDrift():
            poll_drift(ctx, repo, row)
        case MeasureDrift():
            measure_drift(ctx, repo, row, command)
        case ReadDriftSource():
            read_source(ctx, repo, row, command)
        case Retrain():
            retrain(ctx, repo, row, command)
        case LookRetrain():
            look_retrain(ctx, repo, row, command)
        case (
            LookIncident()
            | TakeIncident()
            | SnoozeIncident()
            | CloseIncident()
            | ShowIncident()
            | JoinStorm()
            | LookStorm()
            | ListStorm()
        ):
            carry_out_incident(ctx, repo, row, command)
        case _:
            raise Fatal(f"nothing carries out {command.kind}")
