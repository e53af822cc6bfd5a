"""Which windows stand for an incident in a small picture, and the grid of the worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.chart import SparkGrid, Sparkline
from bot.domain.drifting.incidents import Incident, IncidentState, Past
from bot.domain.drifting.windows import Severity, Verdict
from bot.domain.incident_words import SHOWN, aspect_of

CELLS = 12
_QUIET = (IncidentState.SNOOZED, IncidentState.RESOLVED)


def windows_of(past: Iterable[Past], most: int = SHOWN) -> tuple[Past, ...]:
    """The newest windows, the oldest of them first, of the one monitor that is furthest beyond its limit now: where
    several watch the same, a line from one's score to another's would say nothing."""
    found = sorted(past, key=lambda one: one.at)
    newest = {one.monitor: one for one in found}
    ranked = sorted(newest.values(), key=lambda one: (-(point_of(one) or 0.0), one.monitor))
    return tuple(one for one in found if one.monitor == ranked[0].monitor)[-most:] if ranked else ()


def point_of(window: Past) -> float | None:
    """Its score; None where it says nothing. One without a score stands above the limit where it is bad, and well below
    it where it is fine."""
    if window.verdict is Verdict.UNKNOWN:
        return None
    if window.score is not None:
        return window.score
    return 1.25 if window.verdict is Verdict.BAD else 0.25


def rank(incident: Incident) -> tuple[bool, bool, float, str, str, str]:
    """The worst first: what needs somebody, what is critical, what is furthest beyond its limit."""
    quiet, mild = incident.state in _QUIET, incident.severity is not Severity.CRITICAL
    return quiet, mild, -(incident.score or 0.0), incident.model, incident.environment, incident.kind.value


def standing(incident: Incident) -> str:
    """`critical`, `warning, taken`, `snoozed`: how it stands, in words."""
    if incident.state in _QUIET:
        return incident.state.value
    taken = ", taken" if incident.state is IncidentState.ACKNOWLEDGED else ""
    return f"{incident.severity.value}{taken}"


def grid_of(incidents: Sequence[Incident]) -> SparkGrid | None:
    """The worst of the open ones; None where there is none of which windows are known."""
    known = sorted((one for one in incidents if one.is_open and one.past), key=rank)
    if not known:
        return None
    many = sum(one.is_open for one in incidents)
    more = f" (the worst {CELLS} of {many})" if len(known) > CELLS else ""
    return SparkGrid(f"Open problems{more}", tuple(_cell(one) for one in known[:CELLS]))


def _cell(incident: Incident) -> Sparkline:
    shown = windows_of(incident.past)
    points = tuple(point_of(window) for window in shown)
    scored = all(window.score is not None for window in shown if window.verdict is not Verdict.UNKNOWN)
    place = f"{incident.environment}, {aspect_of(incident)}"
    return Sparkline(incident.model, place, standing(incident), points, incident.state not in _QUIET, scored)
