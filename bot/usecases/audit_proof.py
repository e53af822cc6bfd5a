"""What the record and the audit chain know of a version change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.audit import AuditEntry
from bot.domain.audit_report import ReportLine
from bot.domain.change import Change
from bot.domain.facts import Verdict
from bot.domain.wording import one_line
from bot.ports import Audit


def proven(audit: Audit, line: ReportLine, change: Change | None) -> ReportLine:
    """The line with who asked, who approved, what the gates said, and who merged it."""
    if change is None:
        return line
    rows = [row.entry for row in audit.of_change(change.id)]
    merged = next((row for row in reversed(rows) if row.what == "merged"), None)
    evidence = merged.evidence if merged else {}
    return replace(
        line,
        action=change.intent.action.value,
        change=change.id,
        number=change.number,
        asked_by=_askers(rows, change),
        approved_by=_approvers(evidence),
        merged_by=merged.by if merged else "",
        gates=gates_words(evidence.get("gates") or []),
        digest=change.intent.digest,
        policy_commit=str(evidence.get("policy_commit") or ""),
        reason=change.reason or "",
        note=_note(merged, change),
    )


def _askers(rows: Sequence[AuditEntry], change: Change) -> tuple[str, ...]:
    logins = {row.by: row.login for row in rows if row.what in ("proposed", "joined") and row.login}
    people = [str(person) for person in change.requesters] or (["policy"] if change.cause or change.rule else [])
    return tuple(f"{one} (@{logins[one]})" if one in logins else one for one in people)


def _approvers(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    counted = [one for one in evidence.get("reviews") or [] if one.get("counts")]
    return tuple(_name(one) for one in counted if one.get("verdict") == Verdict.APPROVED.value)


def _name(review: Mapping[str, Any]) -> str:
    """The account, with the person where they are known; a word that the bot recorded has no account."""
    login, person = str(review.get("login")), review.get("person")
    return login if login == person else f"@{login}{f' ({person})' if person else ''}"


def gates_words(gates: Sequence[Mapping[str, Any]]) -> str:
    """`3/4 passed; log_loss fail, waived by slack:T1/U0BEN: known drift`."""
    if not gates:
        return ""
    passed = sum(one.get("state") == "pass" for one in gates)
    rest = [f"{one.get('name')} {one.get('state')}{_waived(one)}" for one in gates if one.get("state") != "pass"]
    return "; ".join([f"{passed}/{len(gates)} passed", *rest])


def _waived(gate: Mapping[str, Any]) -> str:
    waiver = gate.get("waived")
    return f", waived by {waiver.get('by')}: {one_line(str(waiver.get('reason')))}" if waiver else ""


def _note(merged: AuditEntry | None, change: Change) -> str:
    if merged is None:
        return "the audit chain has no row of its merge"
    told = [] if merged.evidence.get("decided_by_bot") else ["merged on the forge, not by SlackOps"]
    if change.glass is not None:
        settled = change.glass.settled_at is not None
        seen = f"reviewed afterwards by @{change.glass.settled_login}" if settled else "not reviewed yet"
        told.append(f"broke the glass: {change.glass.reason}; {seen}")
    return "; ".join(told)
