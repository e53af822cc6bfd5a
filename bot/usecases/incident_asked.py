"""What people ask of incidents: I'm on it, and Snooze; of one card, of a storm, or of a model in an environment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.domain.commands import LookIncident, LookStorm, SnoozeIncident, TakeIncident
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.snoozing import snoozed, taken
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.stops import moment
from bot.domain.until import end_of
from bot.errors import Reason, Refused
from bot.ports import IncidentLog, Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.identity import allowed, ids_of
from bot.usecases.incident_changing import incident_changing
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt

NOT_KNOWN = Refused(Reason.UNKNOWN_INCIDENT, "This incident is not known here.", "Look at the model's newest card.")
Change = Callable[[Incident], Incident]
LONGEST = timedelta(days=90)
"""A snooze for longer would be a mute."""


def log_of(ctx: Context) -> IncidentLog:
    """Raises Refused(UNKNOWN_INCIDENT) where nothing is kept of incidents."""
    if ctx.incident_log is None:
        raise NOT_KNOWN
    return ctx.incident_log


def take_incident(ctx: Context, row: Row, command: TakeIncident) -> None:
    """This person looks after it; whoever did gives it away, but keeps what is theirs where a whole storm is taken. Any
    member may. Raises Refused(UNKNOWN_INCIDENT | ALREADY_DECIDED)."""
    mine = open_ones(meant(log_of(ctx), command.incident, command.storm))
    if command.storm:
        mine = _free(mine, command.by)
    free = [one for one in mine if one.owner != command.by]
    now = row.created_at
    change_all(ctx, row, command.by, mine, "incident taken", None, lambda one: taken(one, command.by, now))
    others = list(dict.fromkeys(one.owner for one in free if one.owner))
    over = " Whoever was on it is told in the thread." if others else ""
    words = f"{named(mine)}: {'yours' if free else 'yours already'}.{over}"
    receipt(ctx, command.by, command.origin, words)


def _free(storm: Sequence[Incident], by: Person) -> list[Incident]:
    mine = [one for one in storm if one.owner in (None, by)]
    if not mine:
        message = f"Somebody is on each of these {len(storm)} incidents already."
        raise Refused(Reason.ALREADY_DECIDED, message, "List shows who; `/drift` shows what else is open.")
    return mine


def snooze_incident(ctx: Context, repo: Repo, row: Row, command: SnoozeIncident) -> None:
    """Nothing is said of it until then, unless it gets worse by the policy's factor. Raises Refused(UNKNOWN_INCIDENT |
    UNKNOWN_ENVIRONMENT | ALREADY_DECIDED | NOT_ALLOWED | BAD_USAGE)."""
    policy = repo.back.policy(ctx.checkout.fetch())
    until = end_of(command.until, row.created_at, LONGEST)
    found = open_ones(_asked_for(log_of(ctx), policy, command))
    mine = theirs(ctx, policy, command.by, found)
    left = len(found) - len(mine)
    if command.storm:
        mine = _awake(mine, command.by, until)
    why = (command.reason or "").strip()[:500] or None
    now = row.created_at
    change_all(
        ctx, row, command.by, mine, "incident snoozed", why, lambda one: snoozed(one, command.by, until, why, now)
    )
    for card in dict.fromkeys(one.card for one in mine):  # after it is over, that is told
        delay = max(0.0, until - ctx.clock.now()) + 1.0
        ctx.inbox.put(f"incident-snoozed:{row.id}:{card}", LookIncident(incident=card), delay=delay)
    words = f"{named(mine)}: snoozed until {moment(until)}.{_not_theirs(left)}"
    receipt(ctx, command.by, command.origin, words)


def _awake(storm: Sequence[Incident], by: Person, until: float) -> list[Incident]:
    """Without those that somebody else wants quiet for longer."""
    mine = [one for one in storm if not (one.snooze and one.snooze.by != by and one.snooze.until > until)]
    if not mine:
        message = f"Each of these {len(storm)} incidents is snoozed for longer already."
        raise Refused(Reason.ALREADY_DECIDED, message, "List shows until when; `/drift` shows what else is open.")
    return mine


def _not_theirs(left: int) -> str:
    return f" Not {left} more: they are for their owners, and for whoever may promote those models." if left else ""


def _asked_for(log: IncidentLog, policy: Policy, command: SnoozeIncident) -> list[Incident]:
    if not command.model:
        return meant(log, command.incident, command.storm)
    stages = policy.stages(command.environment) or (policy.environment(command.environment),)
    found = [one for stage in stages for one in log.open(command.model, stage.name)]
    if not found:
        message = f"Nothing is open of {command.model} in {command.environment}."
        raise Refused(Reason.UNKNOWN_INCIDENT, message, "`/drift` shows what is.")
    return found


def meant(log: IncidentLog, incident: str, storm: str) -> list[Incident]:
    """Every incident of the card that was clicked, or of the storm. Raises Refused(UNKNOWN_INCIDENT)."""
    found = log.of_storm(storm) if storm else []
    one = first_of(log, incident) if incident else None
    if one is not None:
        found = [other for other in log.of_card(one.card) if not other.storm or other.id == one.id] or [one]
    if not found:
        raise NOT_KNOWN
    return found


def first_of(log: IncidentLog, incident: str) -> Incident | None:
    """The incident of this id. Where it is forgotten, the oldest of those that still share its card."""
    return log.get(incident) or next(iter(log.of_card(incident)), None)


def open_ones(found: Sequence[Incident]) -> list[Incident]:
    """Raises Refused(ALREADY_DECIDED) where all is over."""
    mine = [one for one in found if one.is_open]
    if not mine:
        ends = max((one.resolved or one.at for one in found), default=0.0)
        raise Refused(Reason.ALREADY_DECIDED, f"It is over since {moment(ends)}.", "There is nothing left to do.")
    return mine


def theirs(ctx: Context, policy: Policy, by: Person, found: list[Incident]) -> list[Incident]:
    """Those that this person may silence: for owners, and whoever may promote the model there."""
    models = dict.fromkeys((one.model, one.environment) for one in found)
    mine = {place for place in models if may_silence(ctx, policy, by, *place)}
    if not mine:
        raise Refused(
            Reason.NOT_ALLOWED,
            "This is for the owners of the model, and for whoever may promote it there.",
            "Ask one of them; the policy names them under `owners` and `roles.promote`.",
        )
    return [one for one in found if (one.model, one.environment) in mine]


def may_silence(ctx: Context, policy: Policy, by: Person, model: str, environment: str) -> bool:
    """As for CI: its owners, and whoever may promote it."""
    places = environment if policy.stages(environment) else ()
    if allowed(ctx, policy, by, "promote", places, model):
        return True
    return bool(ids_of(ctx, by, policy.model(model).owners))


def change_all(
    ctx: Context, row: Row, by: Person, mine: Sequence[Incident], what: str, why: str | None, change: Change
) -> None:
    """Change each of them, and have the cards show it."""
    for one in mine:
        about = {"incident": one.id, "kind": one.kind.value}
        key = f"{what.replace(' ', '-')}:{row.id}:{one.id}"
        told = entry(ctx, key, what, by, model=one.model, environment=one.environment, why=why, evidence=about)
        incident_changing(ctx, one.id, change, told)
    for storm in dict.fromkeys(one.storm for one in mine if one.storm):
        ctx.inbox.put(f"{row.key}:look:{storm}", LookStorm(storm=storm))
    for card in dict.fromkeys(one.card for one in mine if not one.storm):
        ctx.inbox.put(f"{row.key}:look:{card}", LookIncident(incident=card))


def named(mine: Sequence[Incident]) -> str:
    """`fraud-detector in production`, or how many."""
    places = list(dict.fromkeys(f"{one.model} in {one.environment}" for one in mine))
    return places[0] if len(places) == 1 else f"{len(mine)} incidents"
