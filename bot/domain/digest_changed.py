"""What changed in the span of a digest: opened, worse, resolved, deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.change import Change
from bot.domain.digest_cards import Line, Piece, ReportPart, Strong
from bot.domain.digest_facts import DigestFacts
from bot.domain.digest_grid import rank, windows_of
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.windows import Severity
from bot.domain.durations import lasting
from bot.domain.figures import figure
from bot.domain.incident_words import aspect_of
from bot.domain.wording import step

NAMED, ENDED = 6, 6
"""So many are named of each; the others are counted."""


def changed(facts: DigestFacts) -> ReportPart:
    """Each group on a line of its own; what was resolved has one each, because each ended in its own way."""
    lines = [
        *_group("Opened", [_named(one) for one in sorted(facts.opened, key=rank)]),
        *_group("Worse", [_worse(one, *grown) for one, grown in worse(facts)]),
        *_resolved(sorted(facts.resolved, key=lambda one: -(one.resolved or 0.0))),
        *_group("Deployed", [_step(one) for one in facts.deployed]),
    ]
    return ReportPart("Changed", tuple(lines))


def worse(facts: DigestFacts) -> list[tuple[Incident, tuple[float, float]]]:
    """Those that were open before the span and grew in it by the policy's factor, with their worst scores before it and
    in it."""
    known = ((one, grown(one, facts)) for one in sorted(facts.open, key=rank) if not facts.span.holds(one.opened))
    return [(one, found) for one, found in known if found is not None]


def grown(incident: Incident, facts: DigestFacts) -> tuple[float, float] | None:
    """The worst score of its main monitor before the span and within; None unless it is worse, and where windows have
    no scores."""
    windows = [(one.at, one.score) for one in windows_of(incident.past, len(incident.past))]
    before = max((score for at, score in windows if score is not None and at <= facts.span.since), default=None)
    within = max((score for at, score in windows if score is not None and at > facts.span.since), default=None)
    if before is None or within is None or within < before * facts.worsens or within <= 1:
        return None
    return before, within


def place(incident: Incident) -> str:
    """`production, drift`."""
    return f"{incident.environment}, {aspect_of(incident)}"


def _named(incident: Incident) -> Line:
    critical = " (critical)" if incident.severity is Severity.CRITICAL else ""
    return (Strong(incident.model), f" {place(incident)}{critical}")


def _worse(incident: Incident, before: float, within: float) -> Line:
    return (Strong(incident.model), f" {place(incident)} {figure(before, 2)} → {figure(within, 2)} × limit")


def _step(change: Change) -> Line:
    return (step(change.intent),)


def _resolved(ended: Sequence[Incident]) -> Iterator[Line]:
    for one in ended[:ENDED]:
        took = lasting((one.resolved or one.opened) - one.opened)
        how = f": {one.ended}" if one.ended else ""
        yield ("Resolved: ", Strong(one.model), f" {place(one)} after {took}{how}")
    if len(ended) > ENDED:
        yield (f"Resolved: +{len(ended) - ENDED} more",)


def _group(word: str, named: Sequence[Line]) -> Iterator[Line]:
    """`Opened 3: fraud production, drift · churn staging, drift · …`."""
    if named:
        left = len(named) - NAMED
        more: Line = (f" · +{left} more",) if left > 0 else ()
        yield (f"{word} {len(named)}: ", *_between(named[:NAMED]), *more)


def _between(lines: Iterable[Line]) -> Iterator[Piece]:
    for index, line in enumerate(lines):
        if index:
            yield " · "
        yield from line
