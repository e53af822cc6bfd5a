"""From facts to a digest: what counts first, and little of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digest_cards import DriftReport, Line, Moment, ReportPart
from bot.domain.digest_changed import changed
from bot.domain.digest_delivered import retrainings, versions, waiting
from bot.domain.digest_facts import DigestFacts
from bot.domain.digest_open import snoozed, still_open, worst_features
from bot.domain.digest_stops import held, stands_out
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.windows import Severity
from bot.domain.durations import lasting


def digest_of(facts: DigestFacts, title: str) -> DriftReport:
    """``title`` begins the headline: `Digest`, or `Drift`. With nothing to say it is one line."""
    if not says_something(facts):
        models = f"{facts.models} model{'' if facts.models == 1 else 's'}"
        quiet = f"{title}: nothing open, nothing new{_of(facts)}"
        return DriftReport(quiet, ((f"{models}. ", *_span(facts)),))
    parts = (changed(facts), still_open(facts), snoozed(facts), worst_features(facts), versions(facts))
    more = (held(facts), waiting(facts), retrainings(facts))
    lead = (_counts(facts), _span(facts))
    return DriftReport(headline(facts, title), tuple(line for line in lead if line), _told((*parts, *more)))


def says_something(facts: DigestFacts) -> bool:
    """Whether it is worth more than a line: versions that stand still, and hours that come every week, are not."""
    told = facts.open or facts.opened or facts.resolved or facts.deployed or facts.open_changes or facts.retrainings
    return bool(told) or stands_out(facts)


def headline(facts: DigestFacts, title: str) -> str:
    """`Digest: 3 open, 1 critical, 2 new, 1 resolved · production`."""
    found = facts.open
    critical = sum(one.severity is Severity.CRITICAL for one in found)
    counted = [
        f"{len(found)} open" if found else "nothing open",
        _many(critical, "critical"),
        _many(len(facts.opened), "new"),
        _many(len(facts.resolved), "resolved"),
    ]
    return f"{title}: {', '.join(part for part in counted if part)}{_of(facts)}"


def _of(facts: DigestFacts) -> str:
    return f" · {facts.scope}" if facts.scope else ""


def _counts(facts: DigestFacts) -> Line:
    quiet = sum(one.state is IncidentState.SNOOZED for one in facts.open)
    lonely = sum(one.owner is None and one.state is IncidentState.OPEN for one in facts.open)
    storms = len({one.storm for one in facts.open if one.storm})
    counted = [
        _many(storms, "storm" if storms == 1 else "storms"),
        _many(lonely, "without an owner"),
        _many(quiet, "snoozed"),
        _many(len(facts.deployed), "deployed"),
        _many(facts.open_changes, "open change" if facts.open_changes == 1 else "open changes"),
        f"{facts.models} model{'' if facts.models == 1 else 's'}",
    ]
    return (" · ".join(part for part in counted if part),)


def _span(facts: DigestFacts) -> Line:
    span = facts.span
    covers: Line = (Moment(span.since), " to ", Moment(span.until))
    several = " Digests that were missed are in this one." if span.several else ""
    if span.late:
        return (f"Late by {lasting(span.late)}: covers ", *covers, f".{several}")
    return ("Since ", Moment(span.since), f".{several}")


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count else ""


def _told(parts: tuple[ReportPart, ...]) -> tuple[ReportPart, ...]:
    return tuple(_some(parts))


def _some(parts: tuple[ReportPart, ...]) -> Iterator[ReportPart]:
    return (part for part in parts if part.lines)
