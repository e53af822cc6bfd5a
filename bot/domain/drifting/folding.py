"""What monitors say, folded into incidents. Pure: a track and its incident, some windows, what they are after that.

Windows are taken in the order of their own times, each once, so that it does not matter in which order they came
together, how often, or how many at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.drifting.dressing import dressed
from bot.domain.drifting.hysteresis import is_bad, last_bad
from bot.domain.drifting.incidents import FLAPS, MOST_PAST, Incident, IncidentState, Past, Track, monitor_of
from bot.domain.drifting.listening import heard
from bot.domain.drifting.remembering import by_monitor, remembered, weight
from bot.domain.drifting.resolving import REOPENS, ended, resolved
from bot.domain.drifting.snoozing import woken
from bot.domain.drifting.telling import announced, awake_state, with_news
from bot.domain.drifting.windows import Severity, Verdict, Window
from bot.domain.policy.model_drift import IncidentRule

_KEPT_BOUNCES = 10
TOGETHER = 7 * 86400.0
"""Who opens within so many seconds after another kind did, while that one is open, joins its card: labels, by which
performance is known, come days after the data. Later nobody would see it there."""


@dataclass(frozen=True)
class Frame:
    """What is known besides. ``id`` and ``channel`` are a new incident's; ``beside`` are the open ones of the same
    model and environment of other kinds, the oldest first: a new one joins the card of one that opened lately, since
    they share a cause."""

    rule: IncidentRule
    now: float
    id: str
    channel: str
    beside: tuple[Incident, ...] = ()

    @property
    def tries(self) -> int:
        """The windows of each monitor that are looked at."""
        return max(self.rule.opens[1], self.rule.closes[1])


def fold(
    track: Track, incident: Incident | None, windows: Iterable[Window], frame: Frame
) -> tuple[Track, Incident | None]:
    """``incident`` is the last one of the track, open or not. The same objects where the windows say nothing new."""
    before = track
    for window in _newest(sorted(windows, key=_order)):
        after = remembered(track, window, frame.tries)
        if after is not track:
            track, incident = after, _heard(_step(after, incident, window, frame), window, frame)
    if track is before:
        return before, incident
    track = track.model_copy(update={"at": frame.now})
    return track, dressed(incident, track) if incident and _shows(incident, frame) else incident


def _heard(incident: Incident | None, window: Window, frame: Frame) -> Incident | None:
    if incident is None or not incident.is_open or window.verdict is Verdict.UNKNOWN:
        return incident
    return incident.model_copy(update={"heard": frame.now})


def _newest(ordered: Sequence[Window]) -> list[Window]:
    """Of each monitor as many as a track keeps, and as many again that say nothing: what comes together with so many
    newer ones is history, and the work stays bounded."""
    seen, kept = Counter[tuple[str, bool]](), list[Window]()
    for window in reversed(ordered):
        which = monitor_of(window), window.verdict is Verdict.UNKNOWN
        seen[which] += 1
        if seen[which] <= MOST_PAST:
            kept.append(window)
    return kept[::-1]


def _order(window: Window) -> tuple[float, str, int, float]:
    """What is said twice of one time: the worse first, which the other one does not change."""
    rank, score = weight(window.verdict, window.score)
    return window.at, monitor_of(window), -rank, -score


def _shows(incident: Incident, frame: Frame) -> bool:
    """What was resolved before stays as it ended."""
    return incident.is_open or incident.resolved == frame.now


def _step(track: Track, incident: Incident | None, window: Window, frame: Frame) -> Incident | None:
    mine = by_monitor(track.past)
    if incident is None or not incident.is_open:
        opened = _opened(mine.get(monitor_of(window), []), incident, window, frame)
        if opened is None:
            return incident
        now = heard(opened, track, mine, frame.rule, monitor_of(window))
        if opened.state is IncidentState.SNOOZED:  # it came back while it is snoozed: worse, perhaps
            now = announced(opened, now, frame.rule, frame.now)
        told = max(opened.told or 0.0, now.score or 0.0) or None
        late = ended(now, mine, frame.rule)  # windows that came before this one, and are newer, say that it is over
        return incident if late else now.model_copy(update={"told": told})
    was = woken(incident, frame.now)
    now = announced(was, heard(was, track, mine, frame.rule), frame.rule, frame.now)
    why = ended(now, mine, frame.rule)
    return resolved(now, why, frame.now) if why else now


def _opened(past: list[Past], last: Incident | None, window: Window, frame: Frame) -> Incident | None:
    """The incident that a monitor's windows open; None where they do not."""
    begun = last_bad(past)
    if begun is None or not is_bad(past, frame.rule.opens, last.at if last else None):
        return None
    if last is not None and last.resolved is not None and frame.now - last.resolved <= REOPENS:
        return reopened(last, begun, frame.now)
    return _new(window, begun, frame)


def _new(window: Window, begun: float, frame: Frame) -> Incident:
    joined = next((one for one in frame.beside if frame.now - one.opened <= TOGETHER), None)
    owner = next((one.owner for one in frame.beside if joined and one.card == joined.card and one.owner), None)
    made = Incident(
        id=frame.id,
        model=window.model,
        environment=window.environment,
        kind=window.kind,
        state=IncidentState.ACKNOWLEDGED if owner else IncidentState.OPEN,
        severity=Severity.WARNING,
        opened=frame.now,
        channel=frame.channel,
        card=joined.card if joined else frame.id,
        owner=owner,
        begun=begun,
    )
    return with_news(made, "opened", frame.now)


def reopened(last: Incident, begun: float, now: float) -> Incident:
    """It came back soon: the same incident and card, and not a word more than that it does, once it flaps."""
    quick = tuple(at for at in last.bounces if now - at <= FLAPS)
    bounces = (*quick, now)[-_KEPT_BOUNCES:]
    held = last.snooze is not None and last.snooze.until > now
    again = last.model_copy(
        update={
            "state": IncidentState.SNOOZED if held else awake_state(last),
            "snooze": last.snooze if held else None,
            "resolved": None,
            "ended": "",
            "after_version": None,
            "after_at": None,
            "begun": begun,
            "bounces": bounces,
            "says": (),
        }
    )
    if held or len(quick) > 1:
        return again
    return with_news(again, "reopened", now, "It opens and closes again and again." if quick else "")
