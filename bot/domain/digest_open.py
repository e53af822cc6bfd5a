"""What is open and who has it, what is snoozed, and which features are the worst."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.digest_cards import Line, Moment, Piece, ReportPart, Strong, Typed
from bot.domain.digest_changed import place
from bot.domain.digest_facts import DigestFacts
from bot.domain.digest_grid import rank, standing, windows_of
from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.silence import quiet_since
from bot.domain.drifting.windows import Reading, Verdict
from bot.domain.durations import lasting
from bot.domain.figures import figure
from bot.domain.incident_words import spark

OPEN, SNOOZED, FEATURES = 8, 5, 5
MORE: Line = (Typed("/drift MODEL"),)


def still_open(facts: DigestFacts) -> ReportPart:
    """The worst first, each with its age and who is on it."""
    found = sorted((one for one in facts.open if one.state is not IncidentState.SNOOZED), key=rank)
    return _part("Open", [open_line(one, facts) for one in found[:OPEN]], len(found))


def open_line(incident: Incident, facts: DigestFacts) -> Line:
    """`fraud-detector production, drift: critical, 2.1 × limit, for 3 d 4 h, ana is on it`."""
    row = () if facts.pictured else (f"  {spark(windows_of(incident.past))}",)
    return (Strong(incident.model), f" {place(incident)}: {standing(incident)}, ", *open_words(incident, facts), *row)


def open_words(incident: Incident, facts: DigestFacts) -> Line:
    """`2.1 × limit, for 3 d 4 h, ana is on it`."""
    score = "" if incident.score is None else f"{figure(incident.score, 2)} × limit, "
    age = f"for {lasting(facts.now - incident.opened)}"
    owner: Line = (", ", facts.who(incident.owner), " is on it") if incident.owner else (", nobody is on it",)
    quiet = quiet_since(incident, facts.now)
    silent: Line = (", nothing new since ", Moment(quiet)) if quiet is not None else ()
    return (f"{score}{age}", *owner, *silent)


def snoozed(facts: DigestFacts) -> ReportPart:
    """What wakes up first stands first."""
    found = [one for one in facts.open if one.state is IncidentState.SNOOZED]
    found.sort(key=lambda one: one.snooze.until if one.snooze else 0.0)
    return _part(
        "Snoozed",
        [(Strong(one.model), f" {place(one)}", *snooze_words(one, facts)) for one in found[:SNOOZED]],
        len(found),
    )


def snooze_words(incident: Incident, facts: DigestFacts) -> Line:
    """Until when, by whom, and why."""
    snooze = incident.snooze
    if snooze is None:
        return ()
    why = f": {snooze.why}" if snooze.why else ""
    return (" until ", Moment(snooze.until), " by ", facts.who(snooze.by), why)


def worst_features(facts: DigestFacts) -> ReportPart:
    """By how many models they are beyond their limits in, then by how far."""
    found: dict[str, list[tuple[float, Incident]]] = {}
    for incident in facts.open:
        for reading in incident.readings:
            if reading.feature and reading.verdict is Verdict.BAD:
                found.setdefault(reading.feature, []).append((_score(reading), incident))
    ranked = sorted(found, key=lambda name: (-_models(found[name]), -_worst(found[name])[0], name))
    title = "Worst features of the worst problems" if facts.outlined else "Worst features"
    return _part(title, [_feature(name, found[name]) for name in ranked[:FEATURES]], len(ranked))


def _feature(name: str, where: Sequence[tuple[float, Incident]]) -> Line:
    many, (score, incident) = _models(where), _worst(where)
    models = f" in {many} models, the worst" if many > 1 else ""
    by = f", {figure(score, 2)} × limit" if score else ""
    return (Strong(name), f"{models} in ", incident.model, f" {incident.environment}{by}")


def _models(where: Sequence[tuple[float, Incident]]) -> int:
    return len({incident.model for _, incident in where})


def _worst(where: Sequence[tuple[float, Incident]]) -> tuple[float, Incident]:
    return max(where, key=lambda one: one[0])


def _score(reading: Reading) -> float:
    return reading.score or 0.0


def _part(title: str, lines: Sequence[tuple[Piece, ...]], total: int) -> ReportPart:
    left = total - len(lines)
    return ReportPart(f"{title} ({total})" if total else title, tuple(lines), left, MORE if left else ())
