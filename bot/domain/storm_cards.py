"""What is said of a storm, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.storms import Cause
from bot.domain.people import Person


@dataclass(frozen=True)
class StormLine:
    """One incident of a storm. ``worst`` is its worst reading in words; ``until`` the end of its snooze."""

    incident: str
    model: str
    environment: str
    aspect: str
    state: IncidentState
    score: float | None = None
    worst: str = ""
    owner: Person | None = None
    until: float | None = None
    critical: bool = False


@dataclass(frozen=True)
class StormCard:
    """`Drift: 34 models, production`. ``models`` of which ``going`` are not resolved, with ``critical`` critical
    incidents; ``only`` is the name of the only one; ``counts`` says how many incidents stand how. ``lines`` are the
    worst ones that are not resolved. Times in seconds since the epoch."""

    storm: str
    aspects: tuple[str, ...]
    models: int
    going: int
    environments: tuple[str, ...]
    since: float
    cause: Cause
    counts: tuple[tuple[IncidentState, int], ...]
    lines: tuple[StormLine, ...] = ()
    owners: tuple[Person, ...] = ()
    notify: tuple[str, ...] = ()
    critical: int = 0
    only: str = ""
    quiet: int = 0
    """Of how many nothing new is told: people may close them."""
    over: float | None = None
    instead_of: str = ""


@dataclass(frozen=True)
class StormList:
    """Every incident of a storm, the worst first; ``left`` are those that did not fit."""

    since: float
    lines: tuple[StormLine, ...]
    left: int = 0
