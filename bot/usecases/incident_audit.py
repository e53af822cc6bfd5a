"""What an incident's windows did to it, for the audit chain."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.saying import in_short
from bot.usecases.audited import BOT, entry
from bot.usecases.context import Context


def entries(ctx: Context, was: Incident | None, now: Incident | None) -> Iterator[AuditEntry]:
    """A row for each of: it opened, it opened again, it became critical, its snooze broke or ended, it is over."""
    if now is None or now is was:
        return
    before = was if was is not None and was.id == now.id else None
    told = {news.mark for news in before.news} if before else set[str]()
    if before is None:
        yield _row(ctx, now, "incident opened", in_short(now), now.id)
    if now.bounces and now.bounces[-1:] != (before.bounces[-1:] if before else ()):
        turn = f"{now.id}:{now.bounces[-1]:.0f}"
        if before is None or before.is_open:  # windows that came together ended it, and opened it again
            yield _row(ctx, now, "incident resolved", "", f"{turn}:before")
        yield _row(ctx, now, "incident reopened", in_short(now), turn)
    for news in now.news:
        if news.mark not in told and news.kind in ("critical", "snooze_broke", "snooze_ended"):
            yield _row(ctx, now, f"incident {news.kind.replace('_', ' ')}", news.words, news.mark)
    if not now.is_open and (before is None or before.is_open or now.resolved != before.resolved):
        yield _row(ctx, now, "incident resolved", now.ended, f"{now.id}:{now.resolved:.0f}")


def _row(ctx: Context, one: Incident, what: str, why: str, tail: str) -> AuditEntry:
    about = {"incident": one.id, "kind": one.kind.value, "severity": one.severity.value, "source": one.source}
    evidence = about | ({} if one.score is None else {"score": one.score})
    return entry(
        ctx,
        f"{what.replace(' ', '-')}:{tail}",
        what,
        BOT,
        model=one.model,
        environment=one.environment,
        version=one.version,
        why=why or None,
        evidence=evidence,
    )
