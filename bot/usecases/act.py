"""From a decision to its effects; and from an earlier run that was cut off to the rest of them."""

from __future__ import annotations

from bot.domain.decide import Decision, Join, Propose, Refuse
from bot.domain.policy import Policy
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.plan import plan_card
from bot.usecases.plan_needs import needs_of
from bot.usecases.propose import Proposal, carry_out, join, propose
from bot.usecases.repo import Repo, find_target
from bot.usecases.tell import answer
from bot.usecases.versions import known_versions
from bot.usecases.waiving_asked import waive_on_open


def act(ctx: Context, repo: Repo, plan: Proposal, decision: Decision) -> None:
    """Do what was decided; with `--plan` only tell it. Raises Refused for a no."""
    if plan.command.plan:
        answer(ctx, plan.command.by, plan.command.origin, plan_card(plan, decision, needs_of(ctx, plan)))
        return
    match decision:
        case Refuse():
            raise decision.error()
        case Join(change):
            join(ctx, repo, plan, change)
            waive_on_open(ctx, plan.row, plan.command, change.id, change.intent.digest)
        case Propose(_, supersedes):
            propose(ctx, repo, plan, supersedes)


def resumed(ctx: Context, repo: Repo, policy: Policy, row: Row) -> bool:
    """True when an earlier run of this very row recorded its change; what it left undone is done."""
    change = ctx.changes.get(row.id)
    if change is None:
        return False
    if not change.state.final:
        environment = policy.environment(change.intent.environment)
        target = find_target(policy, repo, change.base, change.intent.model, environment)
        candidate, _ = known_versions(ctx, policy, change.intent)
        carry_out(ctx, repo, row, target, change, candidate)
    return True
