"""From signals to the state of a rollout: a fold over the set of signals, so that their order of arrival, and how often
each arrives, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.signal import Phase, Signal

_RANK = {phase: rank for rank, phase in enumerate(Phase)}  # of two signals of one instant the graver one holds
_GRAVITY = (Phase.FAILED, Phase.DEGRADED, Phase.PROGRESSING, Phase.SYNCING, Phase.SYNCED, Phase.HEALTHY)
ON_THE_WAY = (Phase.SYNCING, Phase.SYNCED, Phase.PROGRESSING)


class RolloutState(StrEnum):
    """Where a merged change is. ``waiting``: no signal yet; ``silent``: none within the timeout; ``stalled``: signals,
    but neither healthy nor degraded within the timeout; ``replaced``: a newer change of the target was merged."""

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
    when it began. ``healthy_at``, ``degraded_at``, ``syncing_at``, ``progressing_at``: when that was first so.
    ``watched_until`` is when watching ends: ``watch`` after it was first healthy, else after its merge.
    """

    state: RolloutState
    since: float
    words: str = ""
    source: str = ""
    application: str = ""
    syncing_at: float | None = None
    progressing_at: float | None = None
    healthy_at: float | None = None
    degraded_at: float | None = None
    watched_until: float = 0.0
    watching: bool = True


def follow(
    signals: Iterable[Signal], merged_at: float, times: Times, now: float, replaced_at: float | None = None
) -> Rollout:
    """The rollout of a change that was merged at ``merged_at``, from the signals that belong to it.

    What came after ``replaced_at``, by the engine's time, is about the newer change.
    """
    told = [s for s in sorted(set(signals), key=_order) if replaced_at is None or s.at <= replaced_at]
    points = _points(told)
    first = {phase: next((at for at, s in points if s.phase is phase), None) for phase in Phase}
    healthy_at = first[Phase.HEALTHY]
    bad = [at for at in (first[Phase.DEGRADED], first[Phase.FAILED]) if at is not None]
    until = (healthy_at if healthy_at is not None else merged_at) + times.watch
    end = min(until, replaced_at) if replaced_at is not None else until
    state, since, newest = _state(points, merged_at, times, now, replaced_at)
    return Rollout(
        state=state,
        since=since,
        words=newest.message if newest else "",
        source=newest.source if newest else "",
        application=newest.application if newest else "",
        syncing_at=first[Phase.SYNCING] or first[Phase.SYNCED],
        progressing_at=first[Phase.PROGRESSING],
        healthy_at=healthy_at,
        degraded_at=min(bad, default=None),
        watched_until=end,
        watching=now < max(end, merged_at + times.timeout if healthy_at is None and replaced_at is None else end),
    )


def _order(signal: Signal) -> tuple[float, int, str, str, str]:
    return (signal.at, _RANK[signal.phase], signal.source, signal.application, signal.message)


def _points(told: Sequence[Signal]) -> list[tuple[float, Signal]]:
    """After each signal, when the whole came to be as it is then, and the signal that says so: the gravest of what each
    application last said. An alert counts as degraded while it fires."""
    last: dict[tuple[str, str], Signal] = {}
    points: list[tuple[float, Signal]] = []
    for signal in told:
        last[signal.source, signal.application] = signal
        whole = _gravest(list(last.values()))
        if whole is not None and (not points or _meaning(points[-1][1]) != _meaning(whole)):
            points.append((signal.at, whole))
        elif whole is not None:
            points[-1] = (points[-1][0], whole)
    return points


def _gravest(now: Sequence[Signal]) -> Signal | None:
    alerts = [s for s in now if s.phase is Phase.ALERT]
    told = [s for s in now if s.phase in _GRAVITY]
    if alerts:
        newest = max(alerts, key=_order)
        return newest.model_copy(update={"phase": Phase.DEGRADED})
    return min(told, key=lambda s: (_GRAVITY.index(s.phase), -s.at, s.application), default=None)


def _meaning(signal: Signal) -> Phase:
    return Phase.SYNCING if signal.phase is Phase.SYNCED else signal.phase


def _state(
    points: Sequence[tuple[float, Signal]], merged_at: float, times: Times, now: float, replaced_at: float | None
) -> tuple[RolloutState, float, Signal | None]:
    since, newest = points[-1] if points else (merged_at, None)
    if replaced_at is not None:
        return RolloutState.REPLACED, replaced_at, newest
    late = now >= merged_at + times.timeout
    if newest is None:
        return (RolloutState.SILENT if late else RolloutState.WAITING), merged_at, None
    settled = any(s.phase in (Phase.HEALTHY, Phase.DEGRADED, Phase.FAILED) for _, s in points)
    if late and not settled:
        return RolloutState.STALLED, since, newest
    return RolloutState(_meaning(newest).value), since, newest
