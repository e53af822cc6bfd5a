"""A change's whole story as one document: its record, its rows of the chain, its reviews, what stands on the forge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from bot.domain.audit import AuditEntry, AuditRow, plain
from bot.domain.audit_evidence import gates_evidence, review_evidence
from bot.domain.change import Change
from bot.errors import Reason, Refused, SlackOpsError
from bot.usecases.context import Context
from bot.usecases.observe import snapshot
from bot.usecases.repo import Repo

_RECORD = TypeAdapter(Change)
_NAMES = tuple(one.name for one in fields(AuditEntry))


def exported(row: AuditRow) -> dict[str, Any]:
    """A row as scripts get it: every field is there, null where it says nothing; ``at`` also as RFC 3339."""
    said = plain(row.entry)
    entry = {name: said.get(name) for name in _NAMES}
    time = datetime.fromtimestamp(row.entry.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"seq": row.seq, "time": time, **entry, "before": row.before, "hash": row.hash}


def story_of(ctx: Context, repo: Repo, named: str) -> dict[str, Any]:
    """Everything about a change, by its id or `#N`. Raises Refused(UNKNOWN_CHANGE). ``note`` says what could not be
    read; the rest is there all the same."""
    change = _found(ctx, named)
    rows = [exported(row) for row in ctx.audit.of_change(change.id)]
    return {"change": _RECORD.dump_python(change, mode="json"), "rows": rows, **_now(ctx, repo, change)}


def _found(ctx: Context, named: str) -> Change:
    number = named.removeprefix("#")
    by_number = number.isascii() and number.isdecimal() and len(number) < 12
    found = ctx.changes.by_number(int(number)) if by_number else ctx.changes.get(named)
    if found is None:
        raise Refused(Reason.UNKNOWN_CHANGE, f"No change {named[:40]!a} is known here.", "Give its id or `#NUMBER`.")
    return found


def _now(ctx: Context, repo: Repo, change: Change) -> Mapping[str, Any]:
    """What the forge says today."""
    nothing: dict[str, Any] = {"pull": None, "required": None, "reviews": [], "gates": [], "statuses": []}
    if change.number is None:
        return {**nothing, "note": "It has no pull request."}
    try:
        ctx.checkout.fetch()
        seen = snapshot(ctx, repo, change, ctx.forge.pull(change.number))
        statuses = ctx.forge.statuses(seen.pull.head)
    except SlackOpsError as why:
        return {**nothing, "note": f"The forge could not be read: {why}"}
    pull = {name: getattr(seen.pull, name) for name in ("number", "url", "title", "author", "state", "merged", "head")}
    return {
        "pull": {**pull, "merge_commit": seen.pull.merge_commit},
        "required": seen.tally.required,
        "reviews": [{**review_evidence(line), "comment": line.comment} for line in seen.tally.lines],
        "gates": gates_evidence(seen.gates),
        "statuses": [asdict(one) for one in statuses.values() if one.context.startswith("slackops/")],
        "note": seen.problem,
    }
