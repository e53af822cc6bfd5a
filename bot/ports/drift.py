"""What is remembered of drift, and what measures it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.drifting.measuring import DriftRun, Measured
from bot.domain.drifting.windows import Kind


class IncidentLog(Protocol):
    """Tracks, and the incidents that came of them."""

    def track(self, model: str, environment: str, kind: Kind) -> Track | None: ...

    def tracks(self, model: str | None = None) -> list[Track]:
        """All of them, or those of a model, by model, environment and kind."""
        ...

    def save(self, track: Track | None, incidents: Sequence[Incident] = (), *audit: AuditEntry) -> None:
        """Insert or replace them together, each with its revision one higher, and note it in the audit chain. Raises
        Stale, with nothing written, where one of them was saved by somebody else since it was read, or another incident
        of the same model, environment and kind is open."""
        ...

    def get(self, incident: str) -> Incident | None: ...

    def open(self, model: str | None = None, environment: str | None = None) -> list[Incident]:
        """Those that are not resolved, the oldest first."""
        ...

    def since(self, moment: float) -> list[Incident]:
        """Those that are open, or were resolved since, in outline (`bot.domain.drifting.outline`); the oldest first,
        10,000 at most."""
        ...

    def recent(self, channel: str, since: float, until: float, most: int) -> list[Incident]:
        """Those of a channel that opened after ``since`` and by ``until``, resolved or not; the newest first."""
        ...

    def storm_size(self, storm: str) -> int:
        """How many a storm's card shows, resolved ones too."""
        ...

    def of_storm(self, storm: str) -> list[Incident]:
        """Every incident that a storm's card shows, resolved ones too; the oldest first."""
        ...

    def of_card(self, card: str) -> list[Incident]:
        """Every incident that one card shows, resolved ones too; the oldest first."""
        ...

    def last(self, model: str, environment: str, kind: Kind) -> Incident | None:
        """The one that was opened last, resolved or not."""
        ...

    def forget(self, before: float) -> int:
        """Delete what was resolved before this time, and tracks without an open incident that were last told about
        before it; how many."""
        ...


class Measuring(Protocol):
    """Compares data sets."""

    def measure(self, run: DriftRun, logged: dict[str, float] | None = None) -> Measured:
        """Carry out one run; ``logged`` are the version's own metrics, by name, which performance is compared with.
        Raises Refused(NOT_SUPPORTED) without the extra `drift`, Refused(DATA_UNREADABLE) naming what cannot be read,
        Transient where the store did not answer."""
        ...


@dataclass(frozen=True)
class DriftFile:
    """A report that lies somewhere. ``tag`` changes when its content does."""

    path: str
    tag: str
    modified: float
    size: int


class DriftFiles(Protocol):
    """Directories and object stores that monitors write their reports to."""

    def list(self, place: str, since: float = 0.0) -> Iterator[DriftFile]:
        """Files at a path or URI (`s3://bucket/prefix/*.json`; a folder: those in it) that were written since, the
        oldest first. Raises Refused(DATA_UNREADABLE) where nothing is there either, Transient."""
        ...

    def read(self, file: DriftFile, most: int) -> bytes:
        """The content, of ``most`` bytes at most. Raises Refused(DATA_UNREADABLE) where there is more, Transient."""
        ...


@dataclass(frozen=True)
class LoggedRun:
    """A run of the tracking server that is over. ``modified``: when it ended, in seconds since the epoch."""

    path: str
    """Its id."""
    modified: float
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    tag: str = ""


class MetricRuns(Protocol):
    """Runs that monitors log their figures to."""

    def ended(self, experiment: str, since: float) -> list[LoggedRun]:
        """Those of an experiment that ended since, the first one in front, 10,000 at most. Raises
        Refused(DATA_UNREADABLE) where there is no such experiment, RegistryUnavailable."""
        ...


class DriftMemory(Protocol):
    """What was done when: sources' cursors, runs' and digests' last times."""

    def get(self, key: str) -> tuple[float, str] | None:
        """When it was saved, in seconds since the epoch, and the body."""
        ...

    def starting(self, prefix: str) -> dict[str, tuple[float, str]]:
        """Everything whose key begins so."""
        ...

    def save(self, key: str, at: float, body: str = "") -> None:
        """Insert or replace."""
        ...

    def claim(self, key: str, at: float) -> bool:
        """Move ``key`` on to ``at``, once: False where it is there or beyond already."""
        ...

    def forget(self, before: float) -> int:
        """Delete what was saved before; how many."""
        ...
