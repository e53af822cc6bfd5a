"""Rows about merging: on what the bot decided to merge, what the forge said to it, and what stands on the branch."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import AuditEntry, evidence_hash
from bot.domain.audit_evidence import evidence_of
from bot.domain.change import ChangeState
from bot.domain.snapshot import Snapshot
from bot.usecases.audited import BOT, entry, note
from bot.usecases.context import Context

MERGING, MERGED = "merging", "merged"


def note_merging(ctx: Context, seen: Snapshot) -> None:
    """The bot is about to merge: who approved, the gates, the policy's commit, the head. Once a situation."""
    note(ctx, f"{MERGING}:{_situation(seen)}", MERGING, BOT, seen.change, evidence=evidence_of(seen))


def refused_entry(ctx: Context, seen: Snapshot, words: str) -> AuditEntry:
    """The forge did not merge it, in its own words."""
    key = f"merge-refused:{_situation(seen)}"
    return entry(ctx, key, "merge_refused", "github", seen.change, why=words, outcome="refused")


def ended_entry(ctx: Context, seen: Snapshot, state: ChangeState, commit: str | None) -> AuditEntry:
    """The change is over before its rollout: merged, or closed, superseded, or obsolete. Watching is how a merged one
    goes on."""
    if commit is not None:
        return _merged(ctx, seen, commit)
    by = f"github:{seen.pull.closed_by}" if state is ChangeState.CLOSED and seen.pull.closed_by else BOT
    return entry(ctx, f"{state.value}:{seen.change.id}", state.value, by, seen.change)


def _merged(ctx: Context, seen: Snapshot, commit: str) -> AuditEntry:
    """What the bot decided on, where it was the one that merged this head; else what is known of it now."""
    rows = (row.entry for row in reversed(ctx.audit.of_change(seen.change.id)) if row.entry.what == MERGING)
    decided = next((one.evidence for one in rows if one.evidence.get("head") == seen.pull.head), None)
    by_us = decided is not None and seen.pull.closed_by in (None, "", ctx.forge.login)
    evidence: dict[str, Any] = {**(decided or evidence_of(seen)), "commit": commit, "decided_by_bot": by_us}
    by = BOT if by_us else f"github:{seen.pull.closed_by or '?'}"
    return entry(ctx, f"{MERGED}:{seen.change.id}", MERGED, by, seen.change, evidence=evidence)


def _situation(seen: Snapshot) -> str:
    told: dict[str, Any] = {"situation": seen.situation, "head": seen.pull.head, "base": seen.base_head}
    waivers = [gate.waiver.id for gate in seen.gates if gate.waiver]
    told |= {"waivers": waivers} if waivers else {}
    return f"{seen.change.id}:{evidence_hash(told)[:16]}"
