"""What the registry said at the last look, in memory."""

from __future__ import annotations

from bot.domain.registry_events import RegistryState


class FakeRegistryMemory:
    """The RegistryMemory port. ``saved`` counts the writes."""

    def __init__(self) -> None:
        self.saved = 0
        self._seen: dict[str, RegistryState] = {}

    def get(self, model: str) -> RegistryState | None:
        return self._seen.get(model)

    def save(self, state: RegistryState, at: float) -> None:
        del at
        self.saved += 1
        self._seen[state.model] = state
