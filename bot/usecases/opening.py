"""How a command about a target that stands begins."""

from __future__ import annotations

from bot.domain.change import Action
from bot.domain.commands import Rollback, Unpin
from bot.ports import Row
from bot.usecases.act import resumed
from bot.usecases.context import Context
from bot.usecases.examine import Place, place_of, refuse_others, role_for
from bot.usecases.repo import Repo, find_target


def place_for(ctx: Context, repo: Repo, row: Row, command: Rollback | Unpin, action: Action) -> Place | None:
    """The command's target at today's base; None when an earlier run of the row recorded its change already.

    Raises Refused for what is not declared, and for somebody without the role before anything of the repo is told.
    """
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return None
    target = find_target(policy, repo, base, command.model, policy.environment(command.environment))
    role = role_for(command, action)
    refuse_others(ctx, policy, command.by, action, command.environment, command.model, role)
    return place_of(repo, policy, base, target)
