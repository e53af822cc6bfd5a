"""The Incidents port: what engines and alerts told, and what monitors' windows came to."""

from __future__ import annotations

from bot.domain.drifting.saying import as_open
from bot.domain.gating.facts import OpenIncident
from bot.domain.troubles import troubles
from bot.ports import IncidentLog, SignalLog


class OpenIncidents:
    """Alerts that fire, rollouts that are not healthy, and incidents that are not resolved; without a ``log`` there are
    none of these. An alert of a kind of which an incident is open is one of those that it came of: it is told once."""

    def __init__(self, signals: SignalLog, log: IncidentLog | None = None) -> None:
        self._signals, self._log = signals, log

    def open(self, model: str, environment: str) -> tuple[OpenIncident, ...]:
        """As the port says. Raises StoreUnavailable."""
        kept = tuple(as_open(one) for one in self._log.open(model, environment)) if self._log else ()
        kinds = {one.kind for one in kept}
        heard = troubles(record.signal for record in self._signals.of(model, environment))
        others = (one for one in heard if one.kind not in kinds)
        return tuple(sorted((*kept, *others), key=lambda one: (one.since, one.kind, one.words)))
