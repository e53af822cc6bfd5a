"""The same rollback asked for twice: what the first one merged must not become the start of a second."""

from __future__ import annotations

from bot.domain.change import Action, Change
from bot.domain.commands import Rollback
from bot.domain.decide import Decision, Propose
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.looking import merged_at
from bot.usecases.propose import Proposal

SECONDS = 900.0


def refuse_second(ctx: Context, plan: Proposal, decision: Decision, command: Rollback) -> None:
    """Raises Refused(ROLLED_BACK_ALREADY) where the target went back a moment ago, and nobody said how far to go now:
    two people at night, or one whose first try was cut off, mean one step and not two. Who names the version, or looked
    at what would happen and said yes, means it; and where the engine says that it is bad there too, nobody is kept."""
    said = command.to or command.confirm or command.digest or command.plan
    last = next(iter(ctx.changes.merged_for(plan.intent.model, plan.intent.environment, 1)), None)
    if said or last is None or not isinstance(decision, Propose) or not _just_now(ctx, plan, last):
        return
    intent = last.intent
    raise Refused(
        Reason.ROLLED_BACK_ALREADY,
        f"{intent.environment} went back from {intent.frm} to {intent.to} a moment ago, by #{last.number}.",
        f"To go back one more, name it: `/rollback {intent.model} {intent.environment} --to {plan.intent.to}`.",
    )


def _just_now(ctx: Context, plan: Proposal, last: Change) -> bool:
    back = last.intent.action is Action.ROLLBACK and last.intent.to == plan.intent.frm
    return back and last.degraded_at is None and ctx.clock.now() < merged_at(last) + SECONDS
