"""`/rollback MODEL ENV [--to VERSION]`: back to a version that the target had, with the variables that it had then."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Action, Aim
from bot.domain.commands import Rollback
from bot.domain.going_back import reasons
from bot.domain.past import Past, Replay, at_version, distinct, nothing_earlier
from bot.domain.policy.stepping import every_slot
from bot.errors import Reason, Refused
from bot.manifests import variables_needed
from bot.ports import Row
from bot.usecases.act import act
from bot.usecases.blocks import refuse_foreign
from bot.usecases.confirming import approve_too, confirm_card, explained, same_as_shown
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine
from bot.usecases.glass import refuse_glass
from bot.usecases.going_back import chosen
from bot.usecases.history import past
from bot.usecases.opening import place_for
from bot.usecases.promote import values_of
from bot.usecases.repo import Repo, target_at
from bot.usecases.tell import answer
from bot.usecases.twice import refuse_second
from bot.usecases.versions import known_version


def rollback(ctx: Context, repo: Repo, row: Row, command: Rollback) -> None:
    """Carry out the command. The registry is asked for what the card shows, but need not answer."""
    command = _of_change(ctx, command)
    place = place_for(ctx, repo, row, command, Action.ROLLBACK)
    if place is not None:
        if command.break_glass:
            refuse_glass(ctx, command)
        goal = completed(ctx, place, goal_of(ctx, repo, place, command))
        plan, decision = examine(ctx, repo, place, row, command, goal)
        plan = explained(repo, plan)
        if command.confirm:
            answer(ctx, command.by, command.origin, confirm_card(ctx, plan, decision))
            return
        same_as_shown(plan, decision, command)
        refuse_second(ctx, plan, decision, command)
        act(ctx, repo, plan, decision)
    approve_too(ctx, repo, row, command)


def _of_change(ctx: Context, command: Rollback) -> Rollback:
    """A click on a card names the change; the target is that change's. Raises Refused(UNKNOWN_CHANGE)."""
    if command.model or not command.change:
        return command
    change = ctx.changes.get(command.change)
    if change is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is not known here.", "Say `/rollback MODEL ENV`.")
    target = {"model": change.intent.model, "environment": change.intent.environment}
    return command.model_copy(update=target)


def goal_of(ctx: Context, repo: Repo, place: Place, command: Rollback) -> Goal:
    """Where to go back to. The last healthy version goes by the swift rules, also when it is named; another does not.

    Blocks are restored when nobody named the version: naming it puts back the bound values and leaves the rest alone.
    Raises Refused(NO_EARLIER_VERSION | BLOCK_EDITED).
    """
    history = Replay(past(repo, place.base, place.target))
    deployed = repo.standing(place.base, place.target).leaving
    choice = chosen(ctx, repo, history, deployed, place.target.model, place.target.environment)
    before = choice.past if choice else None
    if choice and before is not None and before.version is not None and command.to in (None, before.version):
        aim = Aim(before.variables)
        if command.to is None and place.target.blocks and before.state == "pinned":
            refuse_foreign(repo, place.target, history, before)
            aim = replace(aim, blocks_of=before.commit)
        return Goal(Action.ROLLBACK, before.version, aim, swift=_held(repo, place, before), why=reasons(choice))
    goal = at_version(history, command.to) if command.to else None
    if goal is None or goal.version is None:
        raise _nowhere(history, command)
    return Goal(Action.ROLLBACK, goal.version, Aim(goal.variables))


def _held(repo: Repo, place: Place, before: Past) -> bool:
    """Whether the environment really had the version: pinned, or inherited by the policy of that time as well."""
    if before.state == "pinned":
        return True
    target = place.target
    try:
        then = target_at(repo.policy(before.commit), repo, before.commit, target.model, target.environment)
    except Refused:
        return False
    return then is not None and repo.reading(before.commit, then).state == "inherited"


def _nowhere(history: Replay, command: Rollback) -> Refused:
    known = (entry.version for entry in distinct(history) if entry.version) if command.to else ()
    return nothing_earlier(command.model, command.environment, command.to, known)


def completed(ctx: Context, place: Place, goal: Goal) -> Goal:
    """With the values of variables that the templates of today need and those of then did not have, out of the
    registry. Raises Refused where it does not have them."""
    missing = variables_needed(every_slot(place.target)) - goal.aim.variables.keys()
    if not missing:
        return goal
    version = known_version(ctx, place.policy, place.target.model, goal.version)
    known = values_of(version, place.target) if version else {}
    found = {name: value for name in missing if (value := known.get(name))}
    if len(found) < len(missing):
        raise _incomplete(place, goal, sorted(missing - found.keys()))
    return replace(goal, aim=replace(goal.aim, variables={**goal.aim.variables, **found}))


def _incomplete(place: Place, goal: Goal, missing: list[str]) -> Refused:
    target = place.target
    return Refused(
        Reason.TARGET_UNREADABLE,
        f"{target.model} {goal.version} stood in {target.environment} without {', '.join(missing)}, which its target "
        "needs today, and the registry does not tell it.",
        f"Set it in MLflow, or take it out of the policy; or `/promote {target.model} {goal.version} "
        f"{target.environment}` once it is there.",
    )
