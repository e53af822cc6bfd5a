"""`/drift [MODEL]`: what a digest says, now and to whoever asks; of one model in more detail."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands import ShowDrift
from bot.domain.digest_cards import DriftReport
from bot.domain.digest_facts import Span
from bot.domain.digesting import digest_of
from bot.domain.drift_detail import Watched, detail_of
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.policy import Policy
from bot.domain.policy.model_drift import DigestRule
from bot.usecases.context import Context
from bot.usecases.digest_facts import digest_facts
from bot.usecases.repo import Repo, known_models, unknown_model
from bot.usecases.tell import answer

SPAN = 86400.0
"""Seconds that `/drift` looks back."""


def show_drift(ctx: Context, repo: Repo, command: ShowDrift) -> None:
    """Answer the asker. Raises Refused(UNKNOWN_MODEL) with the nearest name."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    known = known_models(repo, base)
    if command.model is None:
        report = _all(ctx, repo, policy, base)
    elif command.model in known:
        report = _one(ctx, repo, policy, base, command.model)
    else:
        raise unknown_model(command.model, known)
    answer(ctx, command.by, command.origin, report)


def _all(ctx: Context, repo: Repo, policy: Policy, base: str) -> DriftReport:
    return digest_of(digest_facts(ctx, repo, policy, base, DigestRule("", ""), _span(ctx)), "Drift")


def _one(ctx: Context, repo: Repo, policy: Policy, base: str, model: str) -> DriftReport:
    log, rule = ctx.incident_log, DigestRule("", "", models=(_literally(model),))
    facts = digest_facts(ctx, repo, policy, base, rule, _span(ctx), log.open(model) if log else ())
    tracks = {(one.environment, one.kind): one for one in (log.tracks(model) if log else ())}
    found = {(one.environment, one.kind): one for one in facts.open}
    bare = {key: Track(model=model, environment=one.environment, kind=one.kind) for key, one in found.items()}
    watched = [_watched(ctx, track, found.get(key)) for key, track in (bare | tracks).items()]
    return detail_of(model, watched, ctx.retrains.of(model) if ctx.retrains else (), replace(facts, scope=""))


def _watched(ctx: Context, track: Track, found: Incident | None) -> Watched:
    last = ctx.incident_log.last(track.model, track.environment, track.kind) if ctx.incident_log else None
    return Watched(track, found, None if last is None or last.is_open else last)


def _span(ctx: Context) -> Span:
    now = ctx.clock.now()
    return Span(now - SPAN, now)


def _literally(model: str) -> str:
    """A pattern that only this name matches (https://docs.python.org/3/library/fnmatch.html)."""
    return "".join(f"[{ch}]" if ch in "*?[" else ch for ch in model)
