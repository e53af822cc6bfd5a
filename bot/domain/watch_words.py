"""A rollout in words: the sentence on the card, and its times."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.durations import lasting
from bot.domain.policy import RolloutRule
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.wording import one_line

NAMES = {
    "argocd": "Argo CD",
    "flux": "Flux",
    "fleet": "Fleet",
    "github": "GitHub",
    "rollout": "the rollout engine",
    "alertmanager": "Alertmanager",
}


def note(rollout: Rollout, rule: RolloutRule, change: Change, back_to: str | None, replaced_by: int | None) -> str:  # noqa: PLR0911
    """The one sentence or two under the headline."""
    engine, words = NAMES.get(rule.engine, rule.engine), one_line(rollout.words).rstrip(".")
    match rollout.state:
        case RolloutState.WAITING:
            return _waiting(rule, engine)
        case RolloutState.SYNCING:
            return f"{engine[0].upper()}{engine[1:]} applies it."
        case RolloutState.PROGRESSING:
            return f"Rolling out{f': {words}' if words else ''}."
        case RolloutState.HEALTHY:
            return _healthy(rollout, change)
        case RolloutState.SILENT:
            return _silent(rule, engine, change)
        case RolloutState.STALLED:
            return (
                f"Neither healthy nor degraded {lasting(rule.timeout)} after the merge{f': {words}' if words else ''}."
            )
        case RolloutState.REPLACED:
            by = f"#{replaced_by}" if replaced_by else "Something else on the default branch"
            return f"{by} took its place."
    return _bad(rollout, back_to, words)


def _waiting(rule: RolloutRule, engine: str) -> str:
    if rule.engine == "none":
        return "On the default branch. No rollout engine is declared, so nobody tells whether it is healthy."
    return f"On the default branch. Waiting for {engine}."


def _silent(rule: RolloutRule, engine: str, change: Change) -> str:
    application = rule.application_of(change.intent.model, change.intent.environment)
    return (
        f"No word from {engine} about {application} within {lasting(rule.timeout)} of the merge. "
        "Look at it there; whatever it tells later still counts."
    )


def _healthy(rollout: Rollout, change: Change) -> str:
    first = rollout.healthy_at if rollout.healthy_at is not None else rollout.since
    told = f"Healthy {lasting(first - (change.merged_at or first))} after the merge."
    if rollout.episode and rollout.bad_at is not None:
        told += " It was not in between."
    return told


def _bad(rollout: Rollout, back_to: str | None, words: str) -> str:
    who = NAMES.get(rollout.source, rollout.source) or "The engine"
    last = f" Last healthy: {back_to}." if back_to else ""
    return f"{who[0].upper()}{who[1:]}: {words or 'no words with it'}.{last}"


def times(rollout: Rollout, change: Change, now: float) -> tuple[tuple[str, float], ...]:
    """What happened when, oldest first, in seconds since the epoch; and until when it is watched."""
    merged = change.merged_at or change.created_at
    told = [("merged", merged), ("syncing", rollout.syncing_at), ("progressing", rollout.progressing_at)]
    told += [("healthy", rollout.healthy_at), ("bad", rollout.relapsed_at)]
    known = [(name, at) for name, at in told if at is not None]
    if rollout.watching and now < rollout.watched_until and rollout.state is RolloutState.HEALTHY:
        known.append(("watching until", rollout.watched_until))
    return tuple(sorted(known, key=lambda pair: pair[1]))
