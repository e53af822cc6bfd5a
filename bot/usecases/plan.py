"""`--plan`: what would happen, in words."""

from __future__ import annotations

from bot.domain.cards import PlanCard
from bot.domain.decide import Decision, Join, Refuse
from bot.domain.wording import also, edit_lines, step
from bot.usecases.plan_needs import Needs, held_up
from bot.usecases.propose import Proposal


def plan_card(plan: Proposal, decision: Decision, needs: Needs) -> PlanCard:
    """The decision in words."""
    intent = plan.intent
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
    wants = () if isinstance(decision, Refuse) else (held_up(plan.gates), needs.wanted, needs.forge)
    return PlanCard(
        title=title,
        message=message,
        unblock=unblock,
        frm=intent.frm,
        to=intent.to,
        gates=plan.gates,
        edits=edit_lines(intent),
        required=needs.required,
        eligible=needs.eligible,
        reason=decision.reason.value if isinstance(decision, Refuse) else None,
        wants=tuple(part for part in wants if part),
    )
