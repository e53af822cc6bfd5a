"""The next step of a ladder, asked for by the policy: a change like any other, with nobody who asked."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ThreadEvent
from bot.domain.change import Action, Aim, Change, ChangeState
from bot.domain.commands import ClimbStep, Promote
from bot.domain.decide import Propose, Refuse
from bot.domain.people import Person
from bot.domain.policy.stepping import is_stepped
from bot.errors import Refused
from bot.ports import Row
from bot.usecases.act import resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine, place_of
from bot.usecases.looking import next_of
from bot.usecases.propose import propose
from bot.usecases.repo import Repo, find_target
from bot.usecases.tell import post_once
from bot.usecases.versions import known_version

NOBODY = Person(team="", user="")


def climb(ctx: Context, repo: Repo, row: Row, command: ClimbStep) -> None:
    """Open it, if the ladder still stands where it stood when it was asked for."""
    before = ctx.changes.get(command.change)
    if before is None or before.rung is None:
        return
    policy = repo.policy(ctx.checkout.fetch())
    try:
        done = resumed(ctx, repo, policy, row) or _opened(ctx, repo, row, command, before)
    except Refused as why:
        text = f"The next step could not be opened: {why.message} {why.unblock or ''}".strip()
        tell_ladder(ctx, before, f"climb:{row.id if command.clicked else why.reason.value}", text, None)
        return
    if done:
        ctx.changes.update(before.id, lambda c: followed(c, row.id))


def _opened(ctx: Context, repo: Repo, row: Row, command: ClimbStep, before: Change) -> bool:
    """False where there was nothing to do any more."""
    intent, base = before.intent, ctx.checkout.head()
    policy = repo.policy(base)
    target = find_target(policy, repo, base, intent.model, policy.environment(intent.environment))
    merged = before.state in (ChangeState.WATCHING, ChangeState.MERGED)
    if before.rung is not None and before.rung.after is not None and not command.clicked:
        return False
    if not merged or not is_stepped(target) or next_of(ctx, before) is not None:
        return False
    place = place_of(repo, policy, base, target)
    goal = _goal(ctx, repo, place, before, command.percent)
    if goal is None:
        return False
    asked = Promote(by=NOBODY, model=intent.model, version=goal.version, environment=intent.environment)
    plan, decision = examine(ctx, repo, _by_rule(place), replace(row, command=asked), asked, goal)
    if isinstance(decision, Refuse):
        raise decision.error()
    if not isinstance(decision, Propose) or decision.supersedes is not None:
        return False
    propose(ctx, repo, replace(plan, cause=before.id), None)
    return True


def _goal(ctx: Context, repo: Repo, place: Place, before: Change, percent: int) -> Goal | None:
    """The next share for the candidate; after an abort, the stable version back in its place."""
    assert before.rung is not None
    rung = replace(before.rung, index=before.rung.index + 1, percent=percent, after=None)
    if before.rung.aborted_by is None:
        if rung.percents[rung.index : rung.index + 1] != (percent,):
            return None
        version = known_version(ctx, place.policy, before.intent.model, before.intent.to)
        return Goal(Action.STEP, before.intent.to, Aim(before.variables, percent=percent), version, rung=rung)
    seen = repo.standing(place.base, place.target)
    if seen.candidate is None or seen.version is None:
        return None
    return Goal(Action.ROLLBACK, seen.version, Aim(seen.variables), swift=True, rung=rung)


def _by_rule(place: Place) -> Place:
    """Roles say what people may; a rule is the policy itself."""
    return replace(place, policy=place.policy.without_roles())


def followed(change: Change, after: str) -> Change:
    """With the id of the change that goes on from it."""
    return replace(change, rung=replace(change.rung, after=after)) if change.rung else change


def tell_ladder(ctx: Context, change: Change, mark: str, text: str, by: Person | None) -> None:
    """Said once, in the thread of a step that is merged: its own remarks were all said before."""
    card = ctx.posts.get(change.id, "card")
    if card is not None and card.ts is not None:
        post_once(ctx, change.id, mark, card.channel, ThreadEvent(text, by), thread=card.ts, broadcast=False)
