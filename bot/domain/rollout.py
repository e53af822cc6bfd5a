"""From signals to the state of a rollout: a fold over the set of signals, so that their order of arrival, and how often
each arrives, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.signal import Phase, Signal

_RANK = {phase: rank for rank, phase in enumerate(Phase)}  # of two signals of one instant the graver one holds
_GRAVITY = (Phase.FAILED, Phase.DEGRADED, Phase.PROGRESSING, Phase.SYNCING, Phase.SYNCED, Phase.HEALTHY)
_OF_DATA = frozenset({"drift", "data_quality"})  # kinds of alerts, as the label slackops_kind says them
_SETTLED = frozenset({Phase.HEALTHY, Phase.DEGRADED, Phase.FAILED})
CALM_SECONDS = 300.0  # a bad spell that follows a shorter good one is the same trouble: flapping is told once
BAD_SECONDS = 7 * 86400.0  # what stays bad for so long is nobody's news any more


class RolloutState(StrEnum):
    """Where a merged change is. ``waiting``: no signal yet; ``silent``: none within the timeout; ``stalled``: signals,
    but neither healthy nor bad within the timeout; ``replaced``: something newer was merged for the target."""

    WAITING = "waiting"
    SYNCING = "syncing"
    PROGRESSING = "progressing"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILED = "failed"
    SILENT = "silent"
    STALLED = "stalled"
    REPLACED = "replaced"

    @property
    def bad(self) -> bool:
        """The engine says that it does not run as it should."""
        return self in (RolloutState.DEGRADED, RolloutState.FAILED)


@dataclass(frozen=True)
class Times:
    """``timeout`` and ``watch`` of the policy, in seconds."""

    timeout: float
    watch: float


@dataclass(frozen=True)
class Rollout:
    """A rollout as all its signals tell it. Times are seconds since the epoch.

    ``state`` is the newest; ``words`` are the engine's own about it, ``source`` and ``application`` whose; ``since``
    when it began. ``healthy_at``, ``bad_at``, ``syncing_at``, ``progressing_at``: when that was first so.
    ``watched_until`` is when watching ends: ``watch`` after it was first healthy, else after its merge. ``episode``
    counts the times that it went bad, a relapse within minutes not counted; the newest began at ``relapsed_at``.
    """

    state: RolloutState
    since: float
    words: str = ""
    source: str = ""
    application: str = ""
    syncing_at: float | None = None
    progressing_at: float | None = None
    healthy_at: float | None = None
    bad_at: float | None = None
    relapsed_at: float | None = None
    episode: int = 0
    watched_until: float = 0.0
    watching: bool = True


@dataclass(frozen=True)
class _Point:
    """From ``at`` on the whole was as ``signal`` says, the gravest of what each application last said; None where all
    that was told of is over, as an alert that ended."""

    at: float
    signal: Signal | None

    @property
    def phase(self) -> Phase | None:
        """What it means: that it was applied says no more than that it is being applied."""
        phase = self.signal.phase if self.signal else None
        return Phase.SYNCING if phase is Phase.SYNCED else phase


def follow(
    signals: Iterable[Signal], merged_at: float, times: Times, now: float, replaced_at: float | None = None
) -> Rollout:
    """The rollout of a change that was merged at ``merged_at``, from the signals that belong to it.

    What came after ``replaced_at``, by the engine's time, is about what took its place.
    """
    told = [s for s in sorted(set(signals), key=_order) if replaced_at is None or s.at <= replaced_at]
    points = _points(told)
    healthy_at = _first(points, Phase.HEALTHY)
    until = _until(healthy_at, merged_at, times, replaced_at)
    state, since, newest = _state(points, merged_at, times, now, replaced_at)
    bad = _episodes(points)
    return Rollout(
        state=state,
        since=since,
        words=newest.message if newest else "",
        source=newest.source if newest else "",
        application=newest.application if newest else "",
        syncing_at=_first(points, Phase.SYNCING),
        progressing_at=_first(points, Phase.PROGRESSING),
        healthy_at=healthy_at,
        bad_at=bad[0] if bad else None,
        relapsed_at=bad[-1] if bad else None,
        episode=len(bad),
        watched_until=until,
        watching=replaced_at is None and (now < until or (state.bad and now < since + BAD_SECONDS)),
    )


def _order(signal: Signal) -> tuple[float, int, str, str, str, str]:
    return (signal.at, _RANK[signal.phase], signal.source, signal.application, signal.revision or "", signal.message)


def _until(healthy_at: float | None, merged_at: float, times: Times, replaced_at: float | None) -> float:
    """Watching ends ``watch`` after the first health; without that it lasts at least as long as is waited for it."""
    until = merged_at + max(times.watch, times.timeout) if healthy_at is None else healthy_at + times.watch
    return until if replaced_at is None else min(until, replaced_at)


def _points(told: Sequence[Signal]) -> list[_Point]:
    last: dict[tuple[str, str], Signal] = {}
    points: list[_Point] = []
    for signal in told:
        last[signal.source, signal.application] = signal
        point = _Point(signal.at, _gravest(list(last.values())))
        if points and points[-1].phase is point.phase:
            points[-1] = _Point(points[-1].at, point.signal)
        else:
            points.append(point)
    return points


def _gravest(now: Sequence[Signal]) -> Signal | None:
    """What holds of what each application last said. An alert counts as degraded while it fires, unless it is about the
    data: that drifts whatever version serves, and takes none back."""
    alerts = [s for s in now if s.phase is Phase.ALERT and s.kind not in _OF_DATA]
    if alerts:
        return max(alerts, key=_order).model_copy(update={"phase": Phase.DEGRADED})
    told = [s for s in now if s.phase in _GRAVITY]
    return min(told, key=lambda s: (_GRAVITY.index(s.phase), -s.at, s.source, s.application), default=None)


def _first(points: Sequence[_Point], phase: Phase) -> float | None:
    return next((point.at for point in points if point.phase is phase), None)


def _episodes(points: Sequence[_Point]) -> list[float]:
    """When it went bad, each time after it had been well for a while."""
    began: list[float] = []
    ended: float | None = None
    for point in points:
        if point.phase in (Phase.DEGRADED, Phase.FAILED):
            if not began or (ended is not None and point.at - ended >= CALM_SECONDS):
                began.append(point.at)
            ended = None
        elif ended is None:
            ended = point.at
    return began


def _state(
    points: Sequence[_Point], merged_at: float, times: Times, now: float, replaced_at: float | None
) -> tuple[RolloutState, float, Signal | None]:
    newest = points[-1].signal if points else None
    if replaced_at is not None:
        return RolloutState.REPLACED, replaced_at, newest
    late = now >= merged_at + times.timeout
    if newest is None:
        return (RolloutState.SILENT if late else RolloutState.WAITING), merged_at, None
    if late and not any(point.phase in _SETTLED for point in points):
        return RolloutState.STALLED, points[-1].at, newest
    phase = points[-1].phase or Phase.SYNCING
    return RolloutState(phase.value), points[-1].at, newest
