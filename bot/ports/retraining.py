"""Engines that train models again, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.domain.retraining import Retraining, RetrainRule, Started


class Retrainer(Protocol):
    """One engine. Every call ends within a minute. What it answers with an error is Refused where a person can act on
    it, Transient where it may work later."""

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        """Start it, with the retraining's id as an idempotency key where the engine takes one. Raises
        Refused(RETRAIN_REFUSED), Transient."""
        ...

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:
        """A run that an earlier try started, whose answer was lost; None where there is none, or none can be told.
        Raises Refused(RETRAIN_REFUSED), Transient."""
        ...

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        """How it is now; running where the engine does not tell. Raises Refused(RETRAIN_REFUSED), Transient."""
        ...


class Retrains(Protocol):
    """What was asked for."""

    def get(self, retrain: str) -> Retraining | None: ...

    def save(self, one: Retraining) -> None:
        """Insert or replace."""
        ...

    def change(self, retrain: str, edit: Callable[[Retraining], Retraining]) -> Retraining | None:
        """Read it, let ``edit`` decide, and save it, with nobody else in between; what it is now, None where there is
        no such one. ``edit`` must be quick and pure."""
        ...

    def of(self, model: str, environment: str | None = None) -> list[Retraining]:
        """The newest first, 100 at most."""
        ...

    def running(self) -> list[Retraining]:
        """Those that are not settled, the oldest first, 1,000 at most."""
        ...

    def by_version(self, model: str, version: str) -> Retraining | None:
        """The newest one that a version came of."""
        ...
