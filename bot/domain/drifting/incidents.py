"""An incident: an open problem of one kind, of one model in one environment. Rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.drifting.windows import Kind, Reading, Severity, Shape, Verdict, Window
from bot.domain.people import Person

MOST_PAST = 60
"""Windows in short that an incident keeps: what its sparkline shows. A track keeps those that hysteresis needs too."""


FLAPS = 3600.0
"""So many seconds after it opened again an incident still counts as one that opens and closes again and again."""


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Past(BaseModel):
    """A window in short; ``monitor`` as ``monitor_of`` names it. Times in seconds since the epoch."""

    model_config = ConfigDict(frozen=True)
    at: float
    monitor: str
    verdict: Verdict
    score: float | None = None
    settled: bool = False


class Word(BaseModel):
    """What one monitor says now: its newest known window. ``since`` is when (by the end of its window) it first said
    bad of this incident; None: it never did."""

    model_config = ConfigDict(frozen=True)
    monitor: str
    verdict: Verdict
    at: float
    score: float | None = None
    since: float | None = None
    settled: bool = False
    url: str = ""


class Note(BaseModel):
    """What is odd about the window of a monitor that ended at ``at``, in words."""

    model_config = ConfigDict(frozen=True)
    monitor: str
    at: float
    words: str


class Track(BaseModel):
    """Everything that is remembered of one model, environment and kind: its last windows in the order of their times,
    and the newest whole one of each monitor (``source:monitor``)."""

    model_config = ConfigDict(frozen=True)
    model: str
    environment: str
    kind: Kind
    past: tuple[Past, ...] = ()
    newest: Mapping[str, Window] = Field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    at: float = 0.0
    """When it was last told about, by our own clock."""
    revision: int = 0
    """How often it was saved: the store refuses what was read before somebody else wrote."""


class IncidentSnooze(BaseModel):
    """Nothing is said until ``until``, unless the score goes beyond ``score`` times the policy's factor."""

    model_config = ConfigDict(frozen=True)
    until: float
    since: float
    by: Person
    why: str | None = None
    score: float | None = None


NewsKind = Literal[
    "opened",
    "reopened",
    "worse",
    "critical",
    "taken",
    "snoozed",
    "snooze_ended",
    "snooze_broke",
    "contradicted",
    "retrain",
    "resolved",
]


class IncidentNews(BaseModel):
    """Something that people are told in the card's thread, once: ``mark`` tells it from every other, of whatever
    incident. ``gave``: who was on it before ``by`` took it over."""

    model_config = ConfigDict(frozen=True)
    kind: NewsKind
    at: float
    mark: str
    words: str = ""
    by: Person | None = None
    gave: Person | None = None


class Incident(BaseModel):
    """One incident. ``id`` is a ULID; ``card`` the id of the incident whose card shows it: its own, or that of one of
    the same model and environment that was open already, since they share a cause. ``storm`` names the storm whose card
    shows it in place of its own."""

    model_config = ConfigDict(frozen=True)
    id: str
    model: str
    environment: str
    kind: Kind
    state: IncidentState
    severity: Severity
    opened: float
    channel: str
    card: str
    source: str = ""
    version: str | None = None
    past: tuple[Past, ...] = ()
    readings: tuple[Reading, ...] = ()
    shapes: tuple[Shape, ...] = ()
    total: int = 0
    bad: int = 0
    score: float | None = None
    peak: float | None = None
    message: str = ""
    url: str = ""
    owner: Person | None = None
    snooze: IncidentSnooze | None = None
    storm: str = ""
    retrain: str = ""
    """The id of the newest retraining that was asked for on account of it."""
    resolved: float | None = None
    ended: str = ""
    """What ended it, in words."""
    after_version: str | None = None
    """The version that serves since shortly before it ended, where it went in while this was open."""
    after_at: float | None = None
    """Since when that one serves."""
    at: float = 0.0
    """When the newest window that it knows ended."""
    heard: float = 0.0
    """When something new was told of it last, by our own clock: data may be old that is told of."""
    says: tuple[Word, ...] = ()
    """Who says what, the worst first."""
    contradicted: bool = False
    """It was told that monitors contradict each other."""
    notes: tuple[Note, ...] = ()
    """What else is odd, in words: a feature that a monitor does not tell of any more, or one that is new."""
    told: float | None = None
    """The score when it was last told how bad it is: by this it is worse."""
    begun: float = 0.0
    """When the window ended that opened it."""
    bounces: tuple[float, ...] = ()
    """When it opened again soon after it was resolved, by our own clock: more than one, and it flaps."""
    news: tuple[IncidentNews, ...] = ()
    """What is still to be told."""
    revision: int = 0
    """As a track's."""

    @property
    def began(self) -> float:
        """When it opened, the last time that it did."""
        return max((self.opened, *self.bounces))

    @property
    def is_open(self) -> bool:
        """Acknowledged and snoozed ones are open too."""
        return self.state is not IncidentState.RESOLVED

    def flaps(self, now: float) -> bool:
        """Whether it opens and closes again and again, and did so lately."""
        return len(self.bounces) > 1 and now - self.bounces[-1] <= FLAPS


def monitor_of(window: Window) -> str:
    """A monitor's name among all sources."""
    return f"{window.source}:{window.monitor}"
