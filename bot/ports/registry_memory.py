"""What the registry said at the last look."""

from __future__ import annotations

from typing import Protocol

from bot.domain.registry_events import RegistryState


class RegistryMemory(Protocol):
    """The last look at each registered model."""

    def get(self, model: str) -> RegistryState | None: ...

    def save(self, state: RegistryState, at: float) -> None:
        """Insert or replace by model; ``at`` in seconds since the epoch."""
        ...
