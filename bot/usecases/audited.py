"""Rows for the audit chain, out of what the use cases have at hand."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import AuditEntry
from bot.domain.change import Change
from bot.domain.people import Person
from bot.usecases.context import Context

BOT, POLICY = "slackops", "policy"
"""Who did it, where no person did: the bot by its own rules, or a rule of the policy."""


def entry(ctx: Context, key: str, what: str, by: Person | str, change: Change | None = None, **more: Any) -> AuditEntry:
    """One row about a change, or, without one, about what ``more`` names. ``key`` tells it from every other deed.

    The account of a person is looked up; ``more`` are fields of ``AuditEntry``.
    """
    known: dict[str, Any] = _about(change) if change else {}
    if isinstance(by, Person):
        known["login"] = ctx.links.login_of(by)
    return AuditEntry(key=key, what=what, at=ctx.clock.now(), by=str(by), **(known | more))


def note(ctx: Context, key: str, what: str, by: Person | str, change: Change | None = None, **more: Any) -> None:
    """The same, written in a transaction of its own: for what has no other record."""
    ctx.audit.append(entry(ctx, key, what, by, change, **more))


def _about(change: Change) -> dict[str, Any]:
    intent = change.intent
    return {
        "change": change.id,
        "number": change.number,
        "model": intent.model,
        "environment": intent.environment,
        "version": intent.to,
        "digest": intent.digest,
    }
