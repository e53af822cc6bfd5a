"""What is news of an incident. News are written down with the incident, told once each, and then taken off it."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.drifting.incidents import Incident, IncidentNews, IncidentState, NewsKind, Word
from bot.domain.drifting.windows import Severity, Verdict
from bot.domain.figures import figure
from bot.domain.people import Person
from bot.domain.policy.model_drift import IncidentRule

MOST_NEWS = 20
_ONCE = frozenset({"opened", "contradicted"})
"""Told once in the life of an incident."""


def with_news(
    incident: Incident,
    kind: NewsKind,
    now: float,
    words: str = "",
    by: Person | None = None,
    gave: Person | None = None,
) -> Incident:
    """The incident with a piece of news; what was to be told of the same kind and moment gives way to it."""
    moment = "" if kind in _ONCE else f":{now:.0f}{f':{by.user}' if by else ''}"
    mark = f"{incident.id}:{kind}{moment}"
    news = IncidentNews(kind=kind, at=now, mark=mark, words=words, by=by, gave=gave)
    others = tuple(one for one in incident.news if one.mark != mark)
    return incident.model_copy(update={"news": (*others, news)[-MOST_NEWS:]})


def told(incident: Incident, marks: Collection[str]) -> Incident:
    """The incident after these were told; the same object where none of them was still to be told."""
    left = tuple(one for one in incident.news if one.mark not in marks)
    return incident if len(left) == len(incident.news) else incident.model_copy(update={"news": left})


def announced(was: Incident, incident: Incident, rule: IncidentRule, now: float) -> Incident:
    """An open incident after a window: whether it became critical, or worse than people know, or its monitors
    contradict each other. While it is snoozed only what breaks the snooze is told."""
    if incident.state is IncidentState.SNOOZED:
        return _broken(was, incident, rule, now)
    told = incident.told
    if incident.severity is Severity.CRITICAL and was.severity is not Severity.CRITICAL:
        incident = with_news(incident, "critical", now, _measure(incident))
        told = max(told or 0.0, incident.score or 0.0) or None
    elif worse(incident.score, told, rule.worsens):
        incident = with_news(incident, "worse", now, f"{_measure(incident)}; it was {_times(told)}")
        told = incident.score
    known = incident.score if told is None else told
    return _contradicted(incident.model_copy(update={"told": known}), now)


def worse(score: float | None, before: float | None, factor: float) -> bool:
    """Whether it is worse than it was, by the policy's factor."""
    return score is not None and before is not None and before > 0 and score >= before * factor


def _broken(was: Incident, incident: Incident, rule: IncidentRule, now: float) -> Incident:
    before = incident.snooze.score if incident.snooze else None
    critical = incident.severity is Severity.CRITICAL and was.severity is not Severity.CRITICAL
    if not critical and not worse(incident.score, before, rule.worsens):
        return incident
    words = _measure(incident) + (f"; it was {_times(before)} when it was snoozed" if before is not None else "")
    told = max(incident.told or 0.0, incident.score or 0.0) or None
    awake = incident.model_copy(update={"state": awake_state(incident), "snooze": None, "told": told})
    by = incident.snooze.by if incident.snooze else None
    return with_news(awake, "snooze_broke", now, f"critical: {words}" if critical else words, by)


def awake_state(incident: Incident) -> IncidentState:
    """What it is when it is not snoozed: somebody's, or nobody's."""
    return IncidentState.ACKNOWLEDGED if incident.owner else IncidentState.OPEN


def _contradicted(incident: Incident, now: float) -> Incident:
    """One monitor says bad, another one fine that never said anything else of it. Alerts are not compared: each is
    about something else, and says fine by saying nothing."""
    bad = [word for word in incident.says if word.verdict is Verdict.BAD]
    fine = [word for word in incident.says if _disagrees(word, incident)]
    if incident.contradicted or not bad or not fine:
        return incident
    words = f"{_name(bad[0])} says bad, {_name(fine[0])} says fine"
    return with_news(incident.model_copy(update={"contradicted": True}), "contradicted", now, words)


def _disagrees(word: Word, incident: Incident) -> bool:
    fine = word.verdict is Verdict.FINE and word.since is None
    return fine and not word.settled and word.at >= incident.begun


def _name(word: Word) -> str:
    return word.monitor.replace(":", " ", 1)


def _measure(incident: Incident) -> str:
    return _times(incident.score)


def _times(score: float | None) -> str:
    return "not measured" if score is None else f"{figure(score, 3)} times its limit"
