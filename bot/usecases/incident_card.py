"""The card of an incident, out of what is written down of it, and of what Git says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.drifting.incidents import Incident, Word
from bot.domain.drifting.monitors import shown_names
from bot.domain.drifting.silence import quiet_since
from bot.domain.drifting.windows import Verdict
from bot.domain.incident_cards import IncidentCard, MonitorLine, ProblemLine
from bot.domain.incident_words import SHOWN, aspect_of, spark, worst_of
from bot.domain.policy import Policy
from bot.domain.retraining import Retraining
from bot.domain.retraining_words import state_words
from bot.errors import ForgeUnavailable, Refused
from bot.usecases.context import Context
from bot.usecases.going_back import where_to
from bot.usecases.history import stays
from bot.usecases.repo import Repo, target_at

WORST, LONGEST, MOST_OVER = 3, 500, 2
EVERY = "*"


@dataclass(frozen=True)
class Around:
    """What Git says of the target: nothing, where the policy or the deployment repo cannot be read."""

    policy: Policy | None = None
    version: str | None = None
    since: float | None = None
    back_to: str | None = None


def subject_of(card: str) -> str:
    """What the bot's memory of its messages calls a card."""
    return f"incident:{card}"


def around(ctx: Context, repo: Repo, incident: Incident) -> Around:
    """What serves there and what one could go back to, under the last policy that could be read. A monitor may watch
    what the deployment repo does not declare, and a card must be shown while Git is away."""
    try:
        base = _base(ctx)
        policy = repo.back.policy(base)
    except (Refused, ForgeUnavailable):
        return Around()
    try:
        return _of_target(ctx, repo, policy, base, incident)
    except (Refused, ForgeUnavailable):
        return Around(policy, incident.version)


def _base(ctx: Context) -> str:
    try:
        return ctx.checkout.fetch()
    except ForgeUnavailable:
        return ctx.checkout.head()


def _of_target(ctx: Context, repo: Repo, policy: Policy, base: str, incident: Incident) -> Around:
    model, environment = incident.model, incident.environment
    target = target_at(policy, repo, base, model, environment)
    if target is None:
        return Around(policy, incident.version)
    newest = next(iter(stays(repo, base, target, 1)), None)
    choice = where_to(ctx, repo.back, policy, model, environment) if incident.is_open else None
    back_to = choice.past.version if choice else None
    return Around(policy, newest.version, newest.since, back_to) if newest else Around(policy, incident.version)


def card_of(
    ctx: Context, seen: Around, incidents: Sequence[Incident], retraining: Retraining | None, instead_of: str = ""
) -> IncidentCard:
    """The card as it is to look now. ``incidents`` has at least one, the first one's is the card."""
    first, shown, now = incidents[0], _shown(incidents), ctx.clock.now()
    rules = seen.policy.retrain if seen.policy else {}
    says = [(word, one) for one in incidents if one.is_open for word in one.says]
    names = shown_names(word.monitor for word, _ in says)
    return IncidentCard(
        incident=first.card,
        model=first.model,
        environment=first.environment,
        problems=tuple(_problem(one, now) for one in shown),
        monitors=tuple(_monitor(names[word.monitor], word, one) for word, one in says),
        version=seen.version,
        since=seen.since,
        back_to=seen.back_to,
        can_retrain=ctx.retrains is not None and (first.model in rules or EVERY in rules),
        retrain=state_words(retraining, ctx.clock.now()) if retraining else "",
        retrain_url=retraining.url if retraining else "",
        url=next((one.url for one in shown if one.url), ""),
        instead_of=instead_of,
    )


def stormed_card(first: Incident) -> IncidentCard:
    """What is left of a card once a storm's shows it."""
    problem = ProblemLine(first.kind, aspect_of(first), first.state, first.severity, first.opened)
    return IncidentCard(first.card, first.model, first.environment, (problem,), stormed=True)


def retraining_of(ctx: Context, incidents: Sequence[Incident]) -> Retraining | None:
    """The newest one that was asked for on account of any of them."""
    ids = [one.retrain for one in incidents if one.retrain]
    found = [one for name in ids if ctx.retrains and (one := ctx.retrains.get(name))]
    return max(found, key=lambda one: one.asked, default=None)


def _shown(incidents: Sequence[Incident]) -> list[Incident]:
    """What is open, the oldest first; then what was resolved last, while something of the card is open."""
    still = [one for one in incidents if one.is_open]
    over = sorted((one for one in incidents if not one.is_open), key=lambda one: -(one.resolved or 0.0))
    return [*still, *(over[:MOST_OVER] if still else over)]


def _problem(one: Incident, now: float) -> ProblemLine:
    shown = one.past[-SHOWN:]
    said_already = f"{one.bad} of {one.total} " in one.message  # the card's own line says it
    return ProblemLine(
        kind=one.kind,
        aspect=aspect_of(one),
        state=one.state,
        severity=one.severity,
        opened=one.opened,
        score=one.score,
        peak=one.peak,
        beyond=one.bad,
        total=one.total,
        worst=worst_of(one.readings, WORST),
        spark=spark(shown),
        windows=len(shown),
        bad=sum(window.verdict is Verdict.BAD for window in shown),
        message="" if said_already else one.message[:LONGEST],
        flapping=one.flaps(now),
        notes=tuple(f"{note.monitor.replace(':', ' ', 1)}: {note.words}" for note in one.notes),
        owner=one.owner,
        snooze=one.snooze,
        resolved=one.resolved,
        ended=one.ended,
        after=one.after_version or "",
        quiet=quiet_since(one, now),
    )


def _monitor(name: str, word: Word, one: Incident) -> MonitorLine:
    return MonitorLine(name, aspect_of(one), word.verdict, word.at, word.url)
