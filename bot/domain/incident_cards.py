"""The card of an incident, or of several of one model and environment that are open together; by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.drifting.incidents import IncidentSnooze, IncidentState
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.domain.people import Person


@dataclass(frozen=True)
class ProblemLine:
    """One incident of the card: what is wrong, of one kind. ``aspect`` is its kind in a word; ``worst`` are readings
    that are furthest beyond their limits, ``spark`` its last ``windows`` windows as a row of small bars, ``bad`` of
    them bad. ``beyond`` of ``total`` readings are beyond their limits. Times in seconds since the epoch."""

    kind: Kind
    aspect: str
    state: IncidentState
    severity: Severity
    opened: float
    score: float | None = None
    peak: float | None = None
    beyond: int = 0
    total: int = 0
    worst: tuple[Reading, ...] = ()
    spark: str = ""
    windows: int = 0
    bad: int = 0
    message: str = ""
    flapping: bool = False
    notes: tuple[str, ...] = ()
    owner: Person | None = None
    snooze: IncidentSnooze | None = None
    resolved: float | None = None
    ended: str = ""
    after: str = ""
    """The version that went in while it was open."""
    quiet: float | None = None
    """Since when nothing new was told of it, where that is too long ago."""

    @property
    def is_open(self) -> bool:
        """Acknowledged and snoozed ones are open too."""
        return self.state is not IncidentState.RESOLVED


@dataclass(frozen=True)
class MonitorLine:
    """What one monitor said last. ``name`` is `evidently weekly`; ``at`` the end of its window."""

    name: str
    aspect: str
    verdict: Verdict
    at: float
    url: str = ""


@dataclass(frozen=True)
class IncidentCard:
    """`Drift and latency: fraud-detector, production`. ``incident`` is the id of the card; ``problems`` has at least
    one. ``version`` serves, ``since`` then; ``back_to`` is the last healthy version, where there is one to go back to.
    ``instead_of`` names the channel that it was meant for, where it could not be shown there."""

    incident: str
    model: str
    environment: str
    problems: tuple[ProblemLine, ...]
    monitors: tuple[MonitorLine, ...] = ()
    version: str | None = None
    since: float | None = None
    back_to: str | None = None
    can_retrain: bool = False
    retrain: str = ""
    """How the newest retraining stands, in words."""
    retrain_url: str = ""
    url: str = ""
    """Where the monitor shows it."""
    instead_of: str = ""
    stormed: bool = False
    """A storm's card shows it now."""

    @property
    def open(self) -> tuple[ProblemLine, ...]:
        """Those that are not resolved."""
        return tuple(one for one in self.problems if one.is_open)


@dataclass(frozen=True)
class FeatureTable:
    """Every reading of an incident, the worst first, for its thread. ``left`` are those that were not kept. ``note``
    says where the distributions are shown, or why not."""

    title: str
    at: float
    readings: tuple[Reading, ...]
    left: int = 0
    note: str = ""
    url: str = ""
