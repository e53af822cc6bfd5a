"""Who says nothing any more: monitors have their own paces, and what is silent is neither fine nor bad."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.domain.drifting.hysteresis import known
from bot.domain.drifting.incidents import Incident, Past, Word
from bot.domain.drifting.windows import Verdict

DAY = 86400.0
GONE = 14 * DAY
"""A monitor that says nothing for so many seconds while another one does is not waited for: it is gone, or renamed."""
QUIET = 3 * DAY
"""After so many seconds without anything new the card and the digests say so, and people may close it."""
PACES = 3
"""But not before so many of a monitor's own paces went by."""


def pace(past: Iterable[Past]) -> float:
    """The longest time between two windows of one monitor, in seconds; 0 where there are not two."""
    times = [one.at for one in known(past)]
    return max((later - sooner for sooner, later in pairwise(times)), default=0.0)


def is_gone(word: Word, past: Sequence[Past], newest: float) -> bool:
    """Whether a monitor is not waited for. ``newest`` is when the newest window of any of them ended. An alert that
    fires goes on firing without another word."""
    fires = word.settled and word.verdict is Verdict.BAD
    return not fires and newest - word.at > max(GONE, PACES * pace(past))


def quiet_from(incident: Incident) -> float:
    """From when on it is worth a word that nothing new was told of it, in seconds since the epoch."""
    mine = {word.monitor: [one for one in incident.past if one.monitor == word.monitor] for word in incident.says}
    paces = (pace(past) for past in mine.values())
    return _heard(incident) + max(QUIET, PACES * max(paces, default=0.0))


def quiet_since(incident: Incident, now: float) -> float | None:
    """When something new was told last, where that is too long ago; None where it is not."""
    return _heard(incident) if incident.is_open and now >= quiet_from(incident) else None


def _heard(incident: Incident) -> float:
    """By our own clock: labels come late, and what is told of them each day is not silence."""
    return max(incident.heard, incident.opened)
