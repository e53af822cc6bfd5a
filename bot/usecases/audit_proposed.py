"""Rows about changes that were asked for: proposed, and superseded by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.audit import AuditEntry
from bot.domain.audit_evidence import gates_evidence, intent_evidence
from bot.domain.change import Change
from bot.domain.people import Person
from bot.usecases.audited import POLICY, entry
from bot.usecases.context import Context

if TYPE_CHECKING:
    from bot.usecases.propose import Proposal


def proposed_entry(ctx: Context, plan: Proposal, change: Change) -> AuditEntry:
    """The change with what was known when it was proposed."""
    evidence = {
        **intent_evidence(change.intent),
        "gates": gates_evidence(plan.gates),
        "also": list(plan.also),
        "policy_commit": plan.base,
        "typed": plan.row.typed,
        "cause": change.cause,
        **({"rule": change.rule} if change.rule else {}),
    }
    return entry(ctx, f"proposed:{change.id}", "proposed", asker(plan), change, why=change.reason, evidence=evidence)


def superseded_entry(ctx: Context, plan: Proposal, old: Change) -> AuditEntry:
    """The change that another one took the place of."""
    return entry(ctx, f"superseded:{old.id}", "superseded", asker(plan), old, evidence={"by_change": plan.row.id})


def asker(plan: Proposal) -> Person | str:
    """Who asks: a person, or the policy, by a rule or by the next step of a ladder."""
    return POLICY if plan.unasked or plan.follows else plan.command.by
