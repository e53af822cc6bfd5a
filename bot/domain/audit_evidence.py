"""What somebody saw when they decided, or the bot when it merged: as JSON values, for a row of the audit chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from bot.domain.cards import ReviewLine
from bot.domain.change import Intent, Scalar
from bot.domain.gates import GateResult
from bot.domain.snapshot import Snapshot

LONGEST = 2_000  # characters of a bound value; a longer one, as a whole block, is told by its hash


def evidence_of(seen: Snapshot) -> dict[str, Any]:
    """Everything that a decision about this change rests on: versions, edits, gates, approvals, and the commits that
    they were read at."""
    return {
        **intent_evidence(seen.change.intent),
        "gates": gates_evidence(seen.gates),
        "required": seen.tally.required,
        "reviews": [review_evidence(line) for line in seen.tally.lines],
        "policy_commit": seen.base_head,
        "head": seen.pull.head,
    }


def intent_evidence(intent: Intent) -> dict[str, Any]:
    """What the change means."""
    return {
        "action": intent.action.value,
        "from": intent.frm,
        "to": intent.to,
        "percent": intent.percent,
        "artifact_digest": intent.artifact_digest,
        "digest": intent.digest,
        "edits": [
            {"file": e.file, "selector": e.selector, "old": _scalar(e.old), "new": _scalar(e.new)} for e in intent.edits
        ],
    }


def gates_evidence(gates: Iterable[GateResult]) -> list[dict[str, Any]]:
    """The gates with what was observed."""
    return [_gate(one) for one in gates]


def _gate(gate: GateResult) -> dict[str, Any]:
    told = {
        "name": gate.name,
        "state": gate.state.value,
        "observed": gate.observed,
        "required": gate.required,
        "blocks": gate.blocks,
    }
    waiver = gate.waiver
    return {**told, "waived": {"by": str(waiver.by), "reason": waiver.reason, "at": waiver.at}} if waiver else told


def review_evidence(line: ReviewLine) -> dict[str, Any]:
    """One account's last word, and whether it counts."""
    return {
        "review": line.id,
        "login": line.login,
        "person": str(line.person) if line.person else None,
        "verdict": line.verdict,
        "counts": line.counts,
        "why": line.why,
        "note": line.note,
    }


def _scalar(value: Scalar) -> dict[str, str]:
    if len(value.text) <= LONGEST:
        return {"type": value.type, "text": value.text}
    return {"type": value.type, "sha256": hashlib.sha256(value.text.encode("utf-8", "replace")).hexdigest()}
