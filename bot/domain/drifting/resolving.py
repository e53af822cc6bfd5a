"""When an incident is over, and what ended it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.drifting.hysteresis import is_fine
from bot.domain.drifting.incidents import Incident, IncidentState, Past, Word
from bot.domain.drifting.listening import Windows
from bot.domain.drifting.silence import is_gone
from bot.domain.drifting.telling import with_news
from bot.domain.policy.model_drift import IncidentRule

REOPENS = 3600.0
"""Within so many seconds after it was resolved the same incident opens again, in place of a new one."""


def ended(incident: Incident, mine: Windows, rule: IncidentRule) -> str:
    """What ended it, in words; "" while it goes on. Every monitor that ever said bad of it must say fine."""
    waited = _waited_for(incident, mine)
    over = bool(waited) and all(
        is_fine(_of(mine, word), rule.closes, incident.begun if word.since is None else word.since) for word in waited
    )
    return _words(waited, rule) if over else ""


def resolved(incident: Incident, why: str, now: float) -> Incident:
    """It is over. While it is snoozed, or opens and closes again and again, only its card says so."""
    quiet = incident.state is IncidentState.SNOOZED or incident.flaps(now)
    left = tuple(one for one in incident.news if (one.kind, one.at) != ("snooze_ended", now))  # it ended at once
    over = incident.model_copy(update={"state": IncidentState.RESOLVED, "resolved": now, "ended": why, "news": left})
    return over if quiet else with_news(over, "resolved", now, why)


def after_change(incident: Incident, version: str, at: float) -> Incident:
    """The same, where another version serves since it was open: perhaps that is what ended it."""
    fits = not incident.is_open and incident.resolved is not None and incident.opened <= at <= incident.resolved
    return incident.model_copy(update={"after_version": version, "after_at": at}) if fits else incident


def _waited_for(incident: Incident, mine: Windows) -> Sequence[Word]:
    """Those that said bad; all of them, where the ones that did are gone."""
    newest = max((word.at for word in incident.says), default=0.0)
    there = [word for word in incident.says if not is_gone(word, _of(mine, word), newest)]
    return [word for word in there if word.since is not None] or there


def _of(mine: Windows, word: Word) -> Sequence[Past]:
    return mine.get(word.monitor, ())


def _words(waited: Sequence[Word], rule: IncidentRule) -> str:
    counted = [word for word in waited if not word.settled]
    if not counted:
        return "the alert fires no more" if len(waited) == 1 else "none of its alerts fires any more"
    each = " of each monitor" if len(counted) > 1 else ""
    return f"{rule.closes[0]} of {rule.closes[1]} windows{each} fine"
