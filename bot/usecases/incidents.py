"""The Incidents port over what engines and alerts told."""

from __future__ import annotations

from bot.domain.gating.facts import OpenIncident
from bot.domain.troubles import troubles
from bot.ports import SignalLog


class IncidentsOfSignals:
    """Alerts that fire, and rollouts that are not healthy."""

    def __init__(self, signals: SignalLog) -> None:
        self._signals = signals

    def open(self, model: str, environment: str) -> tuple[OpenIncident, ...]:
        """As the port says. Raises StoreUnavailable."""
        return troubles(record.signal for record in self._signals.of(model, environment))
