"""Rows about what was asked for and did not happen: refused, or given up after many tries."""

from __future__ import annotations

from typing import Any

from bot.domain.change import Change
from bot.domain.commands import ListModels, ListStops, ShowAudit
from bot.errors import Refused
from bot.ports import Row
from bot.usecases.audited import BOT, note
from bot.usecases.context import Context

READS = (ListModels, ListStops, ShowAudit)


def note_refused(ctx: Context, row: Row, why: Refused) -> None:
    """A no to a person, with its reason code. Questions decide nothing, so a no to one of them is no row."""
    command: Any = row.command
    if isinstance(command, READS) or getattr(command, "plan", False) or getattr(command, "confirm", False):
        return
    told = {"asked": command.kind, "reason": why.reason.value, "message": why.message}
    _note(ctx, f"refused:{row.id}", "refused", row, outcome="refused", why=why.message, evidence=told)


def note_given_up(ctx: Context, row: Row, error: str) -> None:
    """The row is a dead letter."""
    told = {"asked": row.command.kind, "attempts": row.attempt}
    _note(ctx, f"dead:{row.id}", "given_up", row, outcome="failed", why=error, evidence=told)


def _note(ctx: Context, key: str, what: str, row: Row, **more: Any) -> None:
    command: Any = row.command
    by = getattr(command, "by", None) or BOT
    note(ctx, key, what, by, _change(ctx, command), **(_named(command) | more))


def _change(ctx: Context, command: Any) -> Change | None:
    named, number = getattr(command, "change", None), getattr(command, "number", None)
    if isinstance(named, str) and named:
        return ctx.changes.get(named)
    return ctx.changes.by_number(number) if isinstance(number, int) and number else None


def _named(command: Any) -> dict[str, str]:
    """What the command itself names; where it names a change, that one's fields stand for what it leaves out."""
    version = getattr(command, "version", None) or getattr(command, "to", None)
    found = {name: getattr(command, name, None) for name in ("model", "environment", "digest")}
    return {name: value for name, value in {**found, "version": version}.items() if isinstance(value, str) and value}
