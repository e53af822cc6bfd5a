"""Who says what of an open incident, and how bad that makes it. Where monitors differ, the worse counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.drifting.hysteresis import known, last_bad
from bot.domain.drifting.incidents import Incident, Past, Track, Word
from bot.domain.drifting.windows import Severity, Verdict, Window
from bot.domain.policy.model_drift import IncidentRule

Windows = Mapping[str, Sequence[Past]]
"""Of each monitor, in the order of their times."""


def heard(incident: Incident, track: Track, mine: Windows, rule: IncidentRule, opener: str = "") -> Incident:
    """The incident with what its monitors say now; ``opener`` is the one that opened it."""
    says = tuple(sorted(_words(incident, track, mine, opener), key=_worst_first))
    scores = [word.score for word in says if word.since is not None and word.score is not None]
    score = max(scores, default=incident.score)
    return incident.model_copy(
        update={
            "says": says,
            "score": score,
            "peak": max((one for one in (incident.peak, score) if one is not None), default=None),
            "severity": _severity(incident, [track.newest[word.monitor] for word in says], rule),
            "version": _version(track) or incident.version,
            "at": max((one.at for past in mine.values() for one in past), default=incident.at),
        }
    )


def _words(incident: Incident, track: Track, mine: Windows, opener: str) -> Iterator[Word]:
    before = {word.monitor: word.since for word in incident.says}
    for monitor, past in mine.items():
        said = known(past)
        if not said or monitor not in track.newest:
            continue
        newest, since = said[-1], before.get(monitor)
        if since is None and monitor == opener:
            since = last_bad(past)
        if since is None and newest.verdict is Verdict.BAD:
            since = newest.at
        yield Word(
            monitor=monitor,
            verdict=newest.verdict,
            at=newest.at,
            score=newest.score,
            since=since,
            settled=newest.settled,
            url=track.newest[monitor].url,
        )


def _worst_first(word: Word) -> tuple[bool, float, str]:
    score = float("-inf") if word.score is None else word.score
    return word.verdict is not Verdict.BAD, -score, word.monitor


def _severity(incident: Incident, newest: Sequence[Window], rule: IncidentRule) -> Severity:
    """Only upward while it is open."""
    critical = incident.severity is Severity.CRITICAL or any(_is_critical(window, rule) for window in newest)
    return Severity.CRITICAL if critical else Severity.WARNING


def _is_critical(window: Window, rule: IncidentRule) -> bool:
    far = window.score is not None and window.score >= rule.critical
    return window.verdict is Verdict.BAD and (far or window.severity is Severity.CRITICAL)


def _version(track: Track) -> str | None:
    """The one that served last, where a monitor tells."""
    told = [window for window in track.newest.values() if window.version]
    return max(told, key=lambda window: window.at).version if told else None
