"""What runs where and since when, which changes wait, and which retrainings run."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digest_cards import Line, Linked, Moment, ReportPart, Strong, Typed
from bot.domain.digest_facts import Deployed, DigestFacts, Waits
from bot.domain.durations import lasting
from bot.domain.retraining import Retraining, RetrainState
from bot.domain.wording import short, step

PLACES, RETRAININGS = 6, 5


def versions(facts: DigestFacts) -> ReportPart:
    """The models that the rest is about, then the others as far as there is room."""
    lines = tuple((Strong(model), "  ", _places(where, facts.now)) for model, where in facts.versions.items())
    more: Line = (Typed("/models"),) if facts.unshown else ()
    return ReportPart("Versions", lines, facts.unshown if lines else 0, more)


def _places(where: tuple[Deployed, ...], now: float) -> str:
    left = len(where) - PLACES
    return " · ".join(_place(one, now) for one in where[:PLACES]) + (f" · +{left} more" if left > 0 else "")


def _place(one: Deployed, now: float) -> str:
    age = f" ({lasting(now - one.since)})" if one.since is not None else ""
    return f"{one.environment} {short(one.version)}{age}"


def waiting(facts: DigestFacts) -> ReportPart:
    """The oldest first."""
    lines = tuple(_waits(one, facts.now) for one in facts.waiting)
    many = facts.open_changes
    return ReportPart(f"Open changes ({many})" if many else "Open changes", lines, many - len(lines))


def _waits(one: Waits, now: float) -> Line:
    change = one.change
    number: Line = (Linked(f"#{change.number}", change.url), " ") if change.number else ()
    why = f": {one.words}" if one.words else ""
    return (*number, f"{step(change.intent)}, for {lasting(now - change.created_at)}{why}")


def retrainings(facts: DigestFacts) -> ReportPart:
    """The oldest first."""
    found = facts.retrainings
    lines = tuple((Strong(one.model), *retraining_words(one, facts)) for one in found[:RETRAININGS])
    return ReportPart("Retraining", lines, len(found) - len(lines))


def retraining_words(one: Retraining, facts: DigestFacts) -> Line:
    """How it stands, who asked for it and why."""
    why = f": {one.reason}" if one.reason else ""
    return (
        f" {one.environment} ",
        Linked(" ".join(_state(one)), one.url),
        " since ",
        Moment(one.started or one.asked),
        ", asked for by ",
        facts.who(one.by),
        why,
    )


def _state(one: Retraining) -> Iterator[str]:
    yield "waits to start" if one.state is RetrainState.ASKED else one.state.value
    if one.version:
        yield f"with version {one.version}"
