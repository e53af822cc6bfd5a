"""`/rollback MODEL ENV [--to VERSION]`: back to a version that the target had, with the variables that it had then."""

from __future__ import annotations

from bot.domain.change import Action
from bot.domain.commands import Rollback
from bot.domain.past import at_version, distinct, earlier, nothing_earlier
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine
from bot.usecases.history import past
from bot.usecases.repo import Repo, find_target


def rollback(ctx: Context, repo: Repo, row: Row, command: Rollback) -> None:
    """Carry out the command. The registry is asked for what the card shows, but need not answer."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    environment = policy.environment(command.environment)
    target = find_target(policy, repo, base, command.model, environment)
    place = Place(policy, base, environment, target)
    plan, decision = examine(ctx, repo, place, row, command, goal_of(repo, place, command))
    act(ctx, repo, plan, decision)


def goal_of(repo: Repo, place: Place, command: Rollback) -> Goal:
    """Where to go back to. The version before goes by the swift rules, also when it is named; an older one does not."""
    deployed = repo.deployed(place.base, place.target).shown
    before = earlier(past(repo, place.base, place.target), deployed)
    if command.to is None or (before and before.version == command.to):
        if before is None or before.version is None:
            raise nothing_earlier(command.model, command.environment, None, ())
        return Goal(Action.ROLLBACK, before.version, before.variables, swift=True)
    goal = at_version(past(repo, place.base, place.target), command.to)
    if goal is None:
        known = (entry.version for entry in distinct(past(repo, place.base, place.target)) if entry.version)
        raise nothing_earlier(command.model, command.environment, command.to, known)
    return Goal(Action.ROLLBACK, command.to, goal.variables)
