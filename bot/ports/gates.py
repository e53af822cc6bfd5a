"""What gates are judged by that lies outside: other people's verdicts, open incidents; and what was evaluated last."""

from __future__ import annotations

from typing import Protocol

from bot.domain.gating.facts import Answer, OpenIncident


class GateCalls(Protocol):
    """Asks the HTTP gates of the policy."""

    def ask(self, url: str, body: bytes, timeout: float) -> Answer:
        """Post the JSON ``body``, signed, and read the verdict. Never raises: what goes wrong is an unknown answer that
        says what."""
        ...


class Incidents(Protocol):
    """Open problems of models."""

    def open(self, model: str, environment: str) -> tuple[OpenIncident, ...]:
        """Those of one model in one environment, the oldest first."""
        ...


class Evaluations(Protocol):
    """What was evaluated last for a change, as JSON: what its details page shows."""

    def save(self, change_id: str, at: float, body: str) -> None:
        """Insert or replace; nothing is written where the body is the same."""
        ...

    def get(self, change_id: str) -> tuple[float, str] | None:
        """When it was evaluated, in seconds since the epoch, and the body."""
        ...

    def forget(self, before: float) -> int:
        """Delete what was evaluated before that moment of changes that are over, or that nobody knows; how many."""
        ...
