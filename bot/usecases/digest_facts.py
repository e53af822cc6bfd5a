"""The facts of a digest: bounded, however many models there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.domain.change import Change
from bot.domain.details import from_json
from bot.domain.digest_changed import ENDED
from bot.domain.digest_facts import Deployed, DigestFacts, Span, Waits
from bot.domain.digest_grid import rank
from bot.domain.digest_scope import Scope
from bot.domain.drifting.incidents import Incident
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.policy.model_drift import DigestRule
from bot.domain.retraining import Retraining
from bot.domain.stops import Stops
from bot.usecases.context import Context
from bot.usecases.history import stays
from bot.usecases.repo import Repo, known_models, target_at
from bot.usecases.state_branch import read_stops
from bot.usecases.stops import places

WAITING, MODELS, PLACES, HISTORIES = 5, 6, 6, 24
WHOLE = 200
"""So many of the worst are read with their windows and figures, in which features are ranked."""
LOOK_BACK = 60 * 86400.0
"""Seconds before the span in which a change that was merged in it may have been asked for."""


def digest_facts(
    ctx: Context,
    repo: Repo,
    policy: Policy,
    base: str,
    rule: DigestRule,
    span: Span,
    known: Sequence[Incident] | None = None,
) -> DigestFacts:
    """Everything of the rule's scope; ``known`` are its incidents where they were read already. Raises what the store
    and the checkout raise."""
    scope = Scope(policy, rule)
    models = scope.models(known_models(repo, base))
    incidents = _incidents(ctx, scope, span) if known is None else [one for one in known if scope.covers_incident(one)]
    deployed = [one for one in _merged(ctx, span) if _covers(scope, one)]
    waiting = [one for one in ctx.changes.all_open() if _covers(scope, one)]
    running = (
        [one for one in ctx.retrains.running() if scope.covers(one.model, one.environment)] if ctx.retrains else []
    )
    shown = _most_said_of(incidents, deployed, models)
    stops = _stops(ctx, policy, scope)
    return DigestFacts(
        now=ctx.clock.now(),
        span=span,
        scope=scope.words,
        models=len(models),
        incidents=tuple(incidents),
        outlined=known is None and sum(one.is_open for one in incidents) > WHOLE,
        worsens=policy.drift.incident.worsens,
        deployed=tuple(deployed),
        waiting=tuple(Waits(one, waits_for(ctx, one)) for one in waiting[:WAITING]),
        open_changes=len(waiting),
        stops=stops,
        windows={one.name: one.windows for one in policy.environments if one.name in scope.environments},
        versions=_versions(repo, policy, base, scope, shown),
        unshown=max(0, len(models) - len(shown)),
        retrainings=tuple(running),
        logins=logins_of(ctx, incidents, running, stops),
    )


def _incidents(ctx: Context, scope: Scope, span: Span) -> list[Incident]:
    """All of them in outline, and whole those that more is told of."""
    if ctx.incident_log is None:
        return []
    found = [one for one in ctx.incident_log.since(span.since) if scope.covers_incident(one)]
    ended = sorted((one for one in found if not one.is_open), key=lambda one: -(one.resolved or 0.0))
    told = {one.id for one in (*sorted(found, key=rank)[:WHOLE], *ended[:ENDED])}
    return [(ctx.incident_log.get(one.id) or one) if one.id in told else one for one in found]


def _covers(scope: Scope, change: Change) -> bool:
    return scope.covers(change.intent.model, change.intent.environment)


def _merged(ctx: Context, span: Span) -> list[Change]:
    asked = ctx.changes.merged_since(span.since - LOOK_BACK)
    return sorted((one for one in asked if span.holds(one.merged_at)), key=lambda one: -(one.merged_at or 0.0))


def waits_for(ctx: Context, change: Change) -> str:
    """What stands on its card, as it was evaluated last; by the record alone where nothing is kept."""
    if change.held_by is not None:
        return "held"
    kept = ctx.evaluations.get(change.id) if ctx.evaluations else None
    details = from_json(kept[1]) if kept else None
    if details is None:
        return "in the merge queue" if change.queued_at else change.state.value.replace("_", " ")
    approvals = f"{details.approvals} of {details.required} approvals" if details.judged else ""
    stuck = ", ".join(gate.name for gate in islice((one for one in details.gates if one.holds_up), 3))
    said = (details.stage, approvals, f"gates: {stuck}" if stuck else "")
    return ", ".join(part for part in said if part)


def _most_said_of(incidents: Sequence[Incident], deployed: Iterable[Change], models: Sequence[str]) -> list[str]:
    """The models of the worst incidents, those that have a new version, and then the others by name."""
    bad = (one.model for one in sorted(incidents, key=rank) if one.is_open)
    named = (*bad, *(one.intent.model for one in deployed), *models)
    known = frozenset(models)
    return list(islice((name for name in dict.fromkeys(named) if name in known), MODELS))


def _versions(
    repo: Repo, policy: Policy, base: str, scope: Scope, models: Iterable[str]
) -> dict[str, tuple[Deployed, ...]]:
    """Ages are read out of Git, each by a look at the history of a target, so there are not many of them."""
    where = [(model, name) for model in models for name in scope.environments[:PLACES]]
    found: dict[str, tuple[Deployed, ...]] = {}
    for model, environment in where[:HISTORIES]:
        target = target_at(policy, repo, base, model, environment)
        stay = next(iter(stays(repo, base, target, 1)), None) if target else None
        if stay is not None:
            found[model] = (*found.get(model, ()), Deployed(environment, stay.version, stay.since))
    return found


def _stops(ctx: Context, policy: Policy, scope: Scope) -> Stops:
    stops, names = read_stops(ctx.checkout), places(policy, scope.environments)
    freezes = (one for one in stops.freezes if one.environment in names)
    mine = tuple(one for one in freezes if one.model is None or scope.holds(one.model))
    bans = tuple(one for one in stops.bans if scope.holds(one.model))
    return Stops(mine, bans, stops.freezes_fault, stops.bans_fault)


def logins_of(
    ctx: Context, incidents: Iterable[Incident], running: Iterable[Retraining], stops: Stops
) -> dict[Person, str]:
    """The accounts of all that are named: a mention would call them every day."""
    people: dict[Person, None] = {}
    for one in incidents:
        people |= dict.fromkeys(person for person in (one.owner, one.snooze.by if one.snooze else None) if person)
    people |= dict.fromkeys(one.by for one in running)
    people |= dict.fromkeys(one.by for one in stops.freezes)
    people |= dict.fromkeys(one.by for one in stops.bans)
    return {person: login for person in people if (login := ctx.links.login_of(person))}
