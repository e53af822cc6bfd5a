"""Was a version healthy while it stood in an environment? Out of the signals about the target, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.rollout import RolloutState, Times, follow
from bot.domain.signal import Signal

SKEW_SECONDS = 600.0  # by so much may the engine's clock be behind the one that commits are stamped with


class Verdict(StrEnum):
    """``unheard``: no engine told of it. ``pending``: told of, but neither healthy nor bad yet."""

    HEALTHY = "healthy"
    BAD = "bad"
    PENDING = "pending"
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Health:
    """How a version did. ``healthy_at``: when it was first healthy, in seconds since the epoch; ``since``: when the
    newest state began; ``words``: the engine's own about it."""

    verdict: Verdict
    healthy_at: float | None = None
    since: float | None = None
    words: str = ""


def health_of(told: Iterable[tuple[str | None, Signal]], version: str, since: float, until: float | None) -> Health:
    """How ``version`` did while it stood, from ``since`` to ``until`` (None: it stands still).

    ``told`` are the signals about the target, each with the version that the target said at its revision; alerts have
    none. An earlier stay of the same version is another story, so all count by their time.
    """
    mine = [signal for at_revision, signal in told if _about(at_revision, signal, version, since)]
    if not mine:
        return Health(Verdict.UNHEARD)
    end = until if until is not None else max(signal.at for signal in mine)
    seen = follow([s for s in mine if s.at <= end], since, Times(0.0, 0.0), end)
    if seen.state is RolloutState.HEALTHY:
        return Health(Verdict.HEALTHY, seen.healthy_at, seen.since, seen.words)
    verdict = Verdict.BAD if seen.state.bad else Verdict.PENDING
    return Health(verdict, seen.healthy_at, seen.since, seen.words)


def _about(at_revision: str | None, signal: Signal, version: str, since: float) -> bool:
    if signal.revision is None:  # an alert that was there before is not about this version
        return at_revision is None and signal.at >= since
    return at_revision == version and signal.at >= since - SKEW_SECONDS
