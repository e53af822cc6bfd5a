"""An incident of which nothing new is told, and that a person says is over: its monitors are gone, or were renamed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands import CloseIncident
from bot.domain.decide import not_allowed
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.silence import quiet_since
from bot.domain.drifting.snoozing import BY_HAND, closed
from bot.domain.people import Person
from bot.domain.policy import IncidentGate, Policy
from bot.domain.waiving import ROLE
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.incident_asked import change_all, log_of, meant, named, open_ones, theirs
from bot.usecases.repo import Repo
from bot.usecases.take_drift import look_at_changes
from bot.usecases.tell import receipt

STRICT = ("block", "quorum")


def close_incident(ctx: Context, repo: Repo, row: Row, command: CloseIncident) -> None:
    """It is over; whatever is told after this opens another one. Raises Refused(UNKNOWN_INCIDENT | ALREADY_DECIDED |
    INCIDENT_GOES_ON | NOT_ALLOWED)."""
    policy = repo.back.policy(ctx.checkout.fetch())
    now, by = row.created_at, command.by
    found = meant(log_of(ctx), command.incident, command.storm)
    done = [one for one in found if (one.ended, one.resolved) == (BY_HAND, now)]  # by an earlier try of this row
    mine = done + (theirs(ctx, policy, by, quiet) if (quiet := _quiet(found, now, tried=bool(done))) else [])
    for one in mine:
        _refuse_way_round(ctx, policy, by, one.model, one.environment)
    change_all(ctx, row, by, mine, "incident closed", None, lambda one: closed(one, by, now))
    for one in mine:
        look_at_changes(ctx, policy, closed(one, by, now))
    receipt(ctx, by, command.origin, f"{named(mine)}: over.")


def _quiet(found: Sequence[Incident], now: float, *, tried: bool) -> list[Incident]:
    quiet = [one for one in found if quiet_since(one, now) is not None]
    if not quiet and not tried and open_ones(found):
        message = "Its monitors tell of it still, and say themselves when it is over."
        raise Refused(Reason.INCIDENT_GOES_ON, message, "Snooze it, if nobody needs to hear of it now.")
    return quiet


def _refuse_way_round(ctx: Context, policy: Policy, by: Person, model: str, environment: str) -> None:
    """Where an open incident holds promotions up, to close it is to waive that."""
    places = environment if policy.stages(environment) else ()
    gates = policy.gates_for(model, environment) if places else ()
    holds = any(isinstance(gate, IncidentGate) and gate.mode == "block" for gate in gates)
    strict = holds or policy.drift.incident.promotions in STRICT
    if strict and not allowed(ctx, policy, by, ROLE, places, model):
        raise not_allowed(ROLE).error()
