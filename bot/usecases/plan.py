"""`--plan`: what would happen, in words."""

from __future__ import annotations

from bot.domain.cards import PlanCard
from bot.domain.decide import Decision, Join, Refuse
from bot.domain.wording import also, edit_lines, step
from bot.usecases.propose import Proposal


def plan_card(plan: Proposal, decision: Decision) -> PlanCard:
    """The decision in words."""
    intent, environment = plan.intent, plan.environment
    what = step(intent)
    title, message, unblock = f"Would propose: {what}", "Nothing was written.", None
    if isinstance(decision, Refuse):
        title, message, unblock = f"Would refuse: {what}", f"{decision.message} ({decision.reason})", decision.unblock
    elif isinstance(decision, Join):
        title, message = f"Would join: {what}", f"#{decision.change.number} asks for the same."
    elif decision.supersedes:
        message = f"Would supersede #{decision.supersedes.number}. Nothing was written."
    if plan.chosen:
        message = f"{message} {plan.chosen}"
    if plan.also:
        message = f"{message} {also(plan.also)}"
    return PlanCard(
        title=title,
        message=message,
        unblock=unblock,
        frm=intent.frm,
        to=intent.to,
        gates=plan.gates,
        edits=edit_lines(intent),
        required=environment.rollback.approvals if plan.swift else environment.approvals.required,
        eligible=environment.approvals.from_,
        reason=decision.reason.value if isinstance(decision, Refuse) else None,
    )
