"""Which digests are due: looked at each interval, put into the inbox once each, however many look."""

from __future__ import annotations

from bot.domain.commands import SendDigest
from bot.domain.digest_due import Declared, as_json, declared_now, from_json, turn_of
from bot.domain.policy.model_drift import DigestRule
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo

DECLARED = "digests"
"""What is remembered under this key is told of by `bot.domain.digest_due`."""
FRESH = 7 * 86400.0
"""Seconds after which it is written again, so that it is not forgotten as something old."""


def look_digests(ctx: Context, repo: Repo) -> None:
    """Put what is due. A policy that cannot be read has nothing due: what was missed is sent once it can be."""
    if ctx.drift_memory is None or ctx.cron is None:
        return
    try:
        rules = repo.policy(ctx.checkout.fetch()).drift.digests
    except Refused:
        return
    declared = _declared(ctx, rules)
    for rule in rules:
        fire = due(ctx, rule, declared[rule.name])
        if fire is not None:
            put(ctx, rule, fire)


def _declared(ctx: Context, rules: tuple[DigestRule, ...]) -> dict[str, Declared]:
    assert ctx.drift_memory is not None
    now, kept = ctx.clock.now(), ctx.drift_memory.get(DECLARED)
    before = from_json(kept[1]) if kept else {}
    declared = declared_now(rules, before, now)
    if declared != before or (kept is not None and now - kept[0] > FRESH):
        # What was sent is forgotten after a year, and some digests come less often.
        declared = {name: one.sent(sent_at(ctx, name)) for name, one in declared.items()}
        ctx.drift_memory.save(DECLARED, now, as_json(declared))
    return declared


def declared(ctx: Context, name: str) -> Declared | None:
    """Since when a digest counts; None where it was never looked at."""
    kept = ctx.drift_memory.get(DECLARED) if ctx.drift_memory else None
    return from_json(kept[1]).get(name) if kept else None


def memory_key(name: str) -> str:
    """What was sent last is remembered under it."""
    return f"digest:{name}"


def sent_at(ctx: Context, name: str) -> float:
    """When the last one that was sent was due; 0 where none was."""
    kept = ctx.drift_memory.get(memory_key(name)) if ctx.drift_memory else None
    return kept[0] if kept else 0.0


def due(ctx: Context, rule: DigestRule, first: Declared, until: float | None = None) -> float | None:
    """The last time until now (or ``until``) that was not told of yet."""
    assert ctx.cron is not None
    after = max(first.at, sent_at(ctx, rule.name))
    return ctx.cron.fires(rule.cron, rule.timezone, after, ctx.clock.now() if until is None else until)


def put(ctx: Context, rule: DigestRule, fire: float) -> None:
    """One row, whoever puts it and however often; and another one later, as long as it was not sent."""
    key, turn = f"{memory_key(rule.name)}:{fire:.0f}", turn_of(ctx.clock.now() - fire)
    ctx.inbox.put(f"{key}:{turn}" if turn else key, SendDigest(digest=rule.name, fire=fire))
