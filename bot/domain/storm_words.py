"""A storm in words, and its card out of its incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.silence import quiet_since
from bot.domain.drifting.storms import Cause, cause
from bot.domain.drifting.windows import Severity
from bot.domain.durations import lasting
from bot.domain.incident_words import aspect_of, figure_of, joined, subject_of, worst_of
from bot.domain.storm_cards import StormCard, StormLine

SHOWN, CALLED, NAMED = 5, 10, 2
_ORDER = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.SNOOZED, IncidentState.RESOLVED)


def storm_card(
    storm: str, members: Sequence[Incident], notify: Sequence[str] = (), instead_of: str = "", now: float = 0.0
) -> StormCard:
    """The card of a storm as it stands at ``now``; ``members`` are never none."""
    going = [one for one in members if one.is_open]
    counts = Counter(one.state for one in members)
    models = _models(members)
    owners = (one.owner for one in going if one.owner is not None)
    ends = [one.resolved for one in members if one.resolved is not None]
    return StormCard(
        storm=storm,
        aspects=tuple(aspect for aspect, _ in Counter(map(aspect_of, going or members)).most_common()),
        models=len(models),
        going=len(_models(going)),
        environments=tuple(dict.fromkeys(one.environment for one in going or members)),
        since=min(one.began for one in members),
        cause=cause(going if len(going) > 1 else members),  # the last one shares nothing with itself
        counts=tuple((state, counts[state]) for state in _ORDER if counts[state]),
        lines=tuple(lines(going)[:SHOWN]),
        owners=tuple(dict.fromkeys(owners)),
        notify=tuple(notify[:CALLED]),
        critical=sum(map(_critical, going)),
        quiet=sum(quiet_since(one, now) is not None for one in going),
        only=next(iter(models)) if len(models) == 1 else "",
        over=max(ends, default=None) if not going else None,
        instead_of=instead_of,
    )


def lines(members: Sequence[Incident]) -> list[StormLine]:
    """The worst first; critical ones before others, what is resolved last."""
    order = sorted(members, key=lambda one: (not one.is_open, not _critical(one), -(one.score or 0.0), one.opened))
    return [_line(one) for one in order]


def headline(card: StormCard) -> str:
    """`Drift: 34 models, production`, `Drift and latency (2 critical): 3 of 34 models, production`, `Resolved drift:
    fraud, 6 environments`."""
    aspects = joined(card.aspects[:NAMED]) if len(card.aspects) <= NAMED else f"{len(card.aspects)} kinds of problems"
    where = card.environments[0] if len(card.environments) == 1 else f"{len(card.environments)} environments"
    if card.over is not None:
        return f"Resolved {aspects}: {which(card)}, {where}"
    critical = f" ({card.critical} critical)" if card.critical else ""
    part = f"{card.going} of " if card.going < card.models else ""
    return f"{aspects[:1].upper()}{aspects[1:]}{critical}: {part}{which(card)}, {where}"


def cause_words(found: Cause) -> str:
    """`31 share country_code (missing 0.98, limit 0.1). Suspect: what feeds it, upstream.`"""
    if found.kind == "feature":
        example = f" ({figure_of(found.example)})" if found.example else ""
        return f"{found.share} share {found.name}{example}. Suspect: what feeds it, upstream."
    if found.kind == "monitor":
        name = found.name.replace(":", " ", 1)
        return f"{found.share} were told of by {name}, and share no feature. Suspect: the monitor, or its reference."
    return "No feature and no monitor is shared by most of them."


def grown_words(card: StormCard) -> str:
    """For the thread."""
    return f"The storm has grown to {sum(count for _, count in card.counts)} incidents"


def over_words(card: StormCard) -> str:
    """For the thread."""
    lasted = lasting(max(0.0, (card.over or card.since) - card.since))
    return f"The storm is over after {lasted}: nothing is open any more of {which(card)}."


def which(card: StormCard) -> str:
    """`34 models`; the only one by its name."""
    return card.only or f"{card.models} models"


def _models(members: Sequence[Incident]) -> set[str]:
    return {one.model for one in members}


def _critical(one: Incident) -> bool:
    return one.severity is Severity.CRITICAL


def _line(one: Incident) -> StormLine:
    worst = worst_of(one.readings, 1)
    return StormLine(
        incident=one.id,
        model=one.model,
        environment=one.environment,
        aspect=aspect_of(one),
        state=one.state,
        score=one.score,
        worst=f"{subject_of(worst[0])}: {figure_of(worst[0])}" if worst else "",
        owner=one.owner,
        until=one.snooze.until if one.snooze and one.state is IncidentState.SNOOZED else None,
        critical=_critical(one),
    )
