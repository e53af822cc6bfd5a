"""What engines said, kept; and an engine that can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.signal import Signal


@dataclass(frozen=True)
class SignalRecord:
    """A signal about a target. ``version`` is what the target said at the signal's revision, None for alerts and where
    that cannot be read; ``received`` is our own time, in seconds since the epoch."""

    model: str
    environment: str
    signal: Signal
    version: str | None
    received: float


class SignalLog(Protocol):
    """The signals that concern a target of the deployment repo."""

    def add(self, records: Sequence[SignalRecord]) -> int:
        """Keep those that are new, by target and the signal's key; how many they were. An alert that is told again was
        received again: its sender repeats it for as long as it fires."""
        ...

    def of(self, model: str, environment: str, since: float = 0.0) -> list[SignalRecord]:
        """The signals about a target whose engine time is not before ``since``, in that order: the newest 1,000, and
        whatever came after them the first and the last healthy, degraded and failed one of each version, the last of
        each kind of each application, and the last of each alert (of 1,000 at most, those that still fire first)."""
        ...

    def forget(self, before: float) -> int:
        """Delete what was received before this time, except the newest healthy and the newest bad signal of each
        version of a target: they tell which version was the last healthy one. How many were deleted."""
        ...


class Engine(Protocol):
    """A rollout engine that can be asked, so that a signal that was missed is healed."""

    def look(self, application: str) -> Signal | None:
        """How the application is now; None when the engine has none of this name."""
        ...
