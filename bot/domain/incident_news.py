"""What the thread of an incident's card says, once each: who is called, and who only hears it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.drifting.incidents import Incident, IncidentNews
from bot.domain.drifting.windows import Severity
from bot.domain.durations import lasting
from bot.domain.figures import figure
from bot.domain.incident_words import aspect_of
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.domain.people import Person
from bot.domain.stops import moment

_HEADS = {
    "opened": "{aspect}: {place}",
    "reopened": "{aspect} again: {place}",
    "worse": "{aspect} got worse: {place}",
    "critical": "{aspect} is critical: {place}",
    "snooze_broke": "Snooze broken, {aspect} got worse: {place}",
    "snooze_ended": "Snooze over, {aspect} goes on: {place}",
}
"""What needs a person; everything else is told to whoever reads the thread."""
_LOUD = frozenset({"critical", "snooze_broke"})


def reply(news: IncidentNews, incident: Incident, owners: Sequence[str]) -> ThreadNews | ThreadEvent:
    """A reply in the thread. ``owners`` (`slack:U…`) are called once, when the card opens; after that whoever
    took it on, or had it snoozed."""
    if news.kind in _HEADS:
        first = news.kind == "opened" and incident.card == incident.id and incident.owner is None
        calls = tuple(owners) if first else _concerned(incident, news)
        loud = news.kind in _LOUD or (news.kind == "opened" and incident.severity is Severity.CRITICAL)
        return ThreadNews(_headline(news, incident), _text(news, incident), calls if incident.is_open else (), loud)
    words = _words(news, incident)
    hears = {"resolved": incident.owner, "taken": news.gave}.get(news.kind)
    return ThreadEvent(words, news.by, (hears,) if hears else ())


def mark_of(news: IncidentNews) -> str:
    """What tells it from every other of its card. What somebody does with a card is done with all of its incidents, and
    told once."""
    done = news.kind in ("taken", "snoozed") and news.by is not None
    return f"{news.kind}:{news.at:.3f}:{news.by}" if done else news.mark


def _headline(news: IncidentNews, incident: Incident) -> str:
    aspect, pattern = aspect_of(incident), _HEADS[news.kind]
    first = aspect[:1].upper() + aspect[1:] if pattern.startswith("{aspect}") else aspect
    return pattern.format(aspect=first, place=f"{incident.model}, {incident.environment}")


def _concerned(incident: Incident, news: IncidentNews) -> tuple[str, ...]:
    people = (incident.owner, incident.snooze.by if incident.snooze else None, news.by)
    return tuple(dict.fromkeys(_called(one) for one in people if one is not None))


def _called(person: Person) -> str:
    return f"slack:{person.user}"


def _text(news: IncidentNews, incident: Incident) -> str:
    return f"{news.words}." if news.words else scores(incident)


def scores(incident: Incident) -> str:
    """`Score 2.3, limit 1; 12 of 50 beyond their limits.`"""
    score = f"Score {figure(incident.score, 3)}, limit 1" if incident.score is not None else ""
    beyond = f"{incident.bad} of {incident.total} beyond their limits" if incident.total else ""
    told = "; ".join(part for part in (score, beyond) if part)
    return f"{told}." if told else ""


def _words(news: IncidentNews, incident: Incident) -> str:
    match news.kind:
        case "taken":
            return "is on it now." if news.gave else "is on it."
        case "snoozed":
            until = f" until {moment(incident.snooze.until)}" if incident.snooze else ""
            return f"snoozed it{until}{f': {news.words}' if news.words else '.'}"
        case "contradicted":
            return f"Monitors contradict each other: {news.words or 'the card says who says what'}."
        case "retrain":
            return news.words or "had it trained again."
        case "resolved" if news.by is not None:
            return f"says that it is over, after {lasting(news.at - incident.opened)}: nothing new was told of it."
        case _:
            return resolved_words(incident)


def resolved_words(incident: Incident) -> str:
    """`Drift resolved after 3 h 20 min: 3 of 3 windows fine.`"""
    aspect = aspect_of(incident)
    ends = incident.resolved if incident.resolved is not None else incident.at
    why = f": {incident.ended}" if incident.ended else ""
    return f"{aspect[:1].upper()}{aspect[1:]} resolved after {lasting(ends - incident.opened)}{why}."
