"""`/slackops unpin MODEL ENV`: take the environment's own pin out, so that it inherits again."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Action, Aim
from bot.domain.commands import Unpin
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.act import act
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine
from bot.usecases.opening import place_for
from bot.usecases.repo import Repo
from bot.usecases.versions import known_version


def unpin_target(ctx: Context, repo: Repo, row: Row, command: Unpin) -> None:
    """Carry out the command. What is inherited is judged like a promotion to it."""
    place = place_for(ctx, repo, row, command, Action.UNPIN)
    if place is None:
        return
    goal = unpin_goal(repo, place)
    goal = replace(goal, candidate=known_version(ctx, place.policy, command.model, goal.version))
    plan, decision = examine(ctx, repo, place, row, command, goal)
    act(ctx, repo, plan, decision)


def unpin_goal(repo: Repo, place: Place) -> Goal:
    """The version that holds without the pin. Raises Refused(NOT_PINNED) where there is no pin, or nothing under it."""
    target = place.target
    to = repo.without_pin(place.base, target)
    if repo.reading(place.base, target).state == "inherited":
        raise Refused(
            Reason.NOT_PINNED,
            f"{target.environment} has no pin of its own for {target.model}: it inherits {to} already.",
            "Nothing to do; `/promote` pins a version.",
        )
    return Goal(Action.UNPIN, to, Aim({}, unpin=True))
