"""What people do with an incident, and how a snooze ends by itself. Each twice is as good as once."""

from __future__ import annotations

from bot.domain.drifting.incidents import Incident, IncidentSnooze, IncidentState
from bot.domain.drifting.telling import awake_state, with_news
from bot.domain.people import Person

BY_HAND = "closed by hand, nothing new was told of it"


def taken(incident: Incident, by: Person, now: float) -> Incident:
    """Somebody is on it; whoever was gives it away. One that is snoozed stays so."""
    if not incident.is_open or incident.owner == by:
        return incident
    owned, gave = incident.model_copy(update={"owner": by}), incident.owner
    state = incident.state if incident.state is IncidentState.SNOOZED else IncidentState.ACKNOWLEDGED
    return with_news(owned.model_copy(update={"state": state}), "taken", now, by=by, gave=gave)


def snoozed(incident: Incident, by: Person, until: float, why: str | None, now: float) -> Incident:
    """Nothing is said of it until then; what was still to be told is not told any more, except what people did."""
    held = incident.snooze
    same = held is not None and (held.by, held.until, held.why) == (by, until, why)
    if not incident.is_open or same or until <= now:
        return incident
    snooze = IncidentSnooze(until=until, since=now, by=by, why=why, score=incident.score)
    kept = tuple(one for one in incident.news if one.by is not None or one.kind == "opened")
    quiet = incident.model_copy(update={"state": IncidentState.SNOOZED, "snooze": snooze, "news": kept})
    return with_news(quiet, "snoozed", now, why or "", by)


def closed(incident: Incident, by: Person, now: float) -> Incident:
    """Somebody says that it is over, since nothing new is told of it: what is told after this opens another one."""
    if not incident.is_open:
        return incident
    over = {"state": IncidentState.RESOLVED, "resolved": now, "ended": BY_HAND, "snooze": None}
    return with_news(incident.model_copy(update=over), "resolved", now, BY_HAND, by)


def woken(incident: Incident, now: float) -> Incident:
    """Its snooze is over, if it is; the same object where it is not."""
    if incident.snooze is None or incident.snooze.until > now:
        return incident
    if incident.state is not IncidentState.SNOOZED:
        return incident.model_copy(update={"snooze": None})
    told = max(incident.told or 0.0, incident.score or 0.0) or None
    awake = incident.model_copy(update={"state": awake_state(incident), "snooze": None, "told": told})
    return with_news(awake, "snooze_ended", now, by=incident.snooze.by)


def retrained(incident: Incident, retrain: str, by: Person, now: float) -> Incident:
    """A retraining was asked for on account of it."""
    if incident.retrain == retrain:
        return incident
    return with_news(incident.model_copy(update={"retrain": retrain}), "retrain", now, by=by)


def stormed(incident: Incident, storm: str) -> Incident:
    """A storm's card shows it in place of its own; "" gives it its own back."""
    return incident if incident.storm == storm else incident.model_copy(update={"storm": storm})
