"""Abort a ladder: no traffic for the candidate, by the rules of a rollback; what is left of it then goes by itself."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Action, Aim, Change
from bot.domain.commands import CloseChange, Review, Rollback, SteerLadder
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.policy.stepping import switched
from bot.domain.stops import takes_out
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, examine, place_of
from bot.usecases.ladder_climb import followed, tell_ladder
from bot.usecases.ladder_words import running
from bot.usecases.repo import Repo, find_target
from bot.usecases.steer import close
from bot.usecases.watch import ask_watch


def abort(ctx: Context, repo: Repo, row: Row, command: SteerLadder, step: Change) -> None:
    """Open the change that does it. Raises Refused(LADDER_HELD) where there is nothing to abort."""
    policy = repo.policy(ctx.checkout.head())
    if not resumed(ctx, repo, policy, row):
        _open(ctx, repo, policy, row, command, step)
    opened = ctx.changes.get(row.id) or _joined(ctx, step)
    if opened is None:
        return
    ctx.changes.update(step.id, lambda c: followed(c, opened.id))  # closed, it is no leave to climb on
    if not opened.state.final:
        _approve_too(ctx, repo, policy, row, command, opened)


def _joined(ctx: Context, step: Change) -> Change | None:
    """The abort that is open already, by somebody else's click."""
    found = ctx.changes.open_for(step.intent.model, step.intent.environment)
    if found is None or found.rung is None or step.rung is None or not takes_out(found.rung):
        return None
    return found if found.rung.ladder == step.rung.ladder else None


def _open(ctx: Context, repo: Repo, policy: Policy, row: Row, command: SteerLadder, step: Change) -> None:
    intent, base = step.intent, ctx.checkout.head()
    target = find_target(policy, repo, base, intent.model, policy.environment(intent.environment))
    seen = repo.standing(base, target)
    # An earlier run of the row was cut off, or somebody clicked twice.
    again = step.rung is not None and step.rung.aborted_by == command.by and switched(target)
    if step.rung is None or seen.version is None or not (again or running(ctx, target, seen)):
        back = f"`/models` shows what runs where; `/rollback {intent.model} {intent.environment}` goes back."
        raise Refused(Reason.LADDER_HELD, "This ladder is over.", back)
    if switched(target):
        _leave(ctx, repo, row, command, step)
        return
    rung = replace(step.rung, index=step.rung.index + 1, percent=0, paused_by=None, aborted_by=command.by, after=None)
    goal = Goal(Action.STEP, seen.version, Aim(step.variables, percent=0), swift=True, rung=rung)
    asked = Rollback(
        by=command.by, origin=command.origin, model=intent.model, environment=intent.environment, reason=command.reason
    )
    place = place_of(repo, replace(policy, roles={}), base, target)  # the role was asked for already
    plan, decision = examine(ctx, repo, place, replace(row, command=asked), asked, goal)
    act(ctx, repo, plan, decision)


def _leave(ctx: Context, repo: Repo, row: Row, command: SteerLadder, step: Change) -> None:
    """The switch was never flipped: nothing serves the candidate, so there is nothing to write."""
    ctx.changes.update(step.id, lambda c: _aborted(c, command.by))
    open_one = ctx.changes.open_for(step.intent.model, step.intent.environment)
    if open_one and open_one.rung and step.rung and open_one.rung.ladder == step.rung.ladder:
        close(ctx, repo, row, CloseChange(by=command.by, change=open_one.id, reason="the ladder was aborted"))
    tell_ladder(ctx, step, f"abort:{row.id}", "aborted the ladder; the idle slot keeps what it has", command.by)
    ask_watch(ctx, row.key, step)


def _aborted(change: Change, by: Person) -> Change:
    return replace(change, rung=replace(change.rung, aborted_by=by)) if change.rung else change


def _approve_too(ctx: Context, repo: Repo, policy: Policy, row: Row, command: SteerLadder, opened: Change) -> None:
    """Whoever said yes to the question on the button has approved it, where the requester's word counts."""
    intent, base = opened.intent, ctx.checkout.head()
    target = find_target(policy, repo, base, intent.model, policy.environment(intent.environment))
    counts = repo.rules(policy, base, target).rollback.requester
    if counts and ctx.links.login_of(command.by) is not None:
        review = Review(by=command.by, origin=command.origin, change=opened.id, digest=intent.digest, verdict="approve")
        ctx.inbox.put(f"{row.key}:approve", review)
