"""An incident in a few words, for gates, the command line and the audit chain."""

from __future__ import annotations

from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.silence import quiet_since
from bot.domain.drifting.windows import Reading, Verdict
from bot.domain.gating.facts import OpenIncident
from bot.domain.gating.outcome import brief
from bot.domain.wording import number

NAMED, LONGEST = 60, 200
"""Characters of a name, and of a monitor's own words."""


def as_open(incident: Incident) -> OpenIncident:
    """The incident as gates see it. Their words stand in pull requests and on commits, so they change when people are
    told that it is worse, and not with each window."""
    told = "" if incident.told is None else f", {number(incident.told)} times its limit"
    return OpenIncident(incident.kind.value, f"{incident.severity.value}{told}", incident.opened, incident.url or None)


def in_short(incident: Incident) -> str:
    """`country_code psi 0.31, limit 0.2 (+3 more)`; the monitor's own words where it told no figures."""
    bad = [one for one in incident.readings if one.verdict is Verdict.BAD]
    if not bad:
        return brief(incident.message, LONGEST)
    more = max(incident.bad, len(bad)) - 1
    return f"{figure(bad[0])}{f' (+{more} more)' if more > 0 else ''}"


def figure(reading: Reading) -> str:
    """`country_code psi 0.31, limit 0.2`."""
    name = " ".join(part for part in (brief(reading.feature, NAMED), brief(reading.method, NAMED)) if part)
    value = "" if reading.value is None else f" {number(reading.value)}"
    limit = "" if reading.threshold is None else f", limit {number(reading.threshold)}"
    return f"{name}{value}{limit}"


def standing(incident: Incident, now: float) -> str:
    """`open, critical`: where it stands, and how bad it is."""
    severity = f", {incident.severity.value}" if incident.is_open else ""
    flaps = ", opens and closes again and again" if incident.is_open and incident.flaps(now) else ""
    quiet = ", nothing new is told" if quiet_since(incident, now) is not None else ""
    state = "open" if incident.state is IncidentState.OPEN else incident.state.value
    return f"{state}{severity}{flaps}{quiet}"
