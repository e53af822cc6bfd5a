"""An incident in outline, for lists of thousands: whole, each takes a hundred kilobytes and a millisecond."""

from __future__ import annotations

from pydantic_core import from_json

from bot.domain.drifting.incidents import Incident

_HEAVY = ("past", "readings", "shapes", "says", "notes")


def outline_of(body: str) -> Incident:
    """What was kept, without windows, figures, and who said what."""
    kept = from_json(body)
    return Incident.model_validate({key: value for key, value in kept.items() if key not in _HEAVY})
