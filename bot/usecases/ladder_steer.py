"""Pause, resume, next, abort: what people do to a ladder of steps, from any of its cards."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.audit import AuditEntry
from bot.domain.change import Action, Change, ChangeState
from bot.domain.commands import ClimbStep, SteerLadder
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.steps import LadderFacts, may_do
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.examine import refuse_others
from bot.usecases.ladder import facts_of
from bot.usecases.ladder_abort import abort
from bot.usecases.ladder_climb import tell_ladder
from bot.usecases.looking import next_of, rollout_of
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt
from bot.usecases.watch import ask_watch

PAUSED = "The ladder is paused."


def steer_ladder(ctx: Context, repo: Repo, row: Row, command: SteerLadder) -> None:
    """Carry out the click. Raises Refused(UNKNOWN_CHANGE | NOT_ALLOWED | LADDER_HELD)."""
    policy = repo.policy(ctx.checkout.fetch())
    step = step_of(ctx, command.change)
    action, intent = Action.ROLLBACK if command.do == "abort" else Action.PROMOTE, step.intent
    refuse_others(ctx, policy, command.by, action, intent.environment, intent.model)
    if command.do == "abort":
        abort(ctx, repo, row, command, step)
        ctx.audit.append(_told(ctx, row, command, step))
        return
    facts = _facts(ctx, repo, policy, step)
    if command.do == "next":
        _next(ctx, row, command, step, facts)
    else:
        _pause(ctx, row, command, step, facts)


def step_of(ctx: Context, change_id: str) -> Change:
    """The merged step on which the ladder of a change stands. Raises Refused(UNKNOWN_CHANGE | LADDER_HELD)."""
    clicked = ctx.changes.get(change_id)
    if clicked is None or clicked.rung is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is no step of a ladder.", "Look at the model's newest card.")
    merged = ctx.changes.merged_for(clicked.intent.model, clicked.intent.environment, 1)
    if merged and merged[0].rung is not None and merged[0].rung.ladder == clicked.rung.ladder:
        return merged[0]
    if not clicked.state.final:
        message = "Its first step is not merged yet, so there is nothing to steer."
        raise Refused(Reason.LADDER_HELD, message, "Approve it, hold it, or close it.")
    raise Refused(Reason.LADDER_HELD, "This ladder is over.", "`/models` shows what runs where.")


def _facts(ctx: Context, repo: Repo, policy: Policy, step: Change) -> LadderFacts:
    rollout = rollout_of(ctx, repo, policy, step, next_of(ctx, step))
    facts = facts_of(ctx, repo, policy, step, rollout, ctx.clock.now())
    if facts is None or not may_do(facts):
        raise Refused(Reason.LADDER_HELD, "This ladder is over.", "`/models` shows what runs where.")
    return facts


def _next(ctx: Context, row: Row, command: SteerLadder, step: Change, facts: LadderFacts) -> None:
    """One step up, whatever the watch time says; its gates and approvals hold all the same."""
    if "next" not in may_do(facts):
        raise Refused(
            Reason.LADDER_HELD,
            "It cannot go on: its next step is open, or it is not healthy.",
            "Wait until it is healthy, or abort it.",
        )
    percent = facts.percents[facts.index + 1]
    ctx.audit.append(_told(ctx, row, command, step))
    ctx.inbox.put(f"{row.key}:step", ClimbStep(change=step.id, model=step.intent.model, percent=percent, clicked=True))
    tell_ladder(ctx, step, f"next:{row.id}", f"goes on to {percent} %{_because(command)}", command.by)
    receipt(ctx, command.by, command.origin, f"Goes on to {percent} %.", step.url)


def _pause(ctx: Context, row: Row, command: SteerLadder, step: Change, facts: LadderFacts) -> None:
    """A step that is open already is held with the ladder, and let go with it."""
    if facts.mode == "ab":
        raise Refused(Reason.LADDER_HELD, "An A/B ladder waits for a person anyway.", "Next goes on, Abort ends it.")
    by = command.by if command.do == "pause" else None
    ctx.changes.update(step.id, lambda c: _paused(c, by), _told(ctx, row, command, step))
    for open_one in _open_steps(ctx, step):
        ctx.changes.update(open_one.id, lambda c: _held(c, by, command.reason))
        ask_reconcile(ctx, row, open_one.number or 0)
    ask_watch(ctx, row.key, step)
    did = "paused the ladder" if by else "lets the ladder go on"
    tell_ladder(ctx, step, f"{command.do}:{row.id}", f"{did}{_because(command)}", command.by)


def _told(ctx: Context, row: Row, command: SteerLadder, step: Change) -> AuditEntry:
    return entry(ctx, f"steer:{row.id}", f"ladder_{command.do}", command.by, step, why=command.reason)


def _because(command: SteerLadder) -> str:
    return f": {command.reason}" if command.reason else ""


def _open_steps(ctx: Context, step: Change) -> tuple[Change, ...]:
    found = ctx.changes.open_for(step.intent.model, step.intent.environment)
    same = found is not None and found.rung is not None and step.rung is not None
    return (found,) if same and found and found.rung and step.rung and found.rung.ladder == step.rung.ladder else ()


def _paused(change: Change, by: Person | None) -> Change:
    """Watching may have ended while it was paused; what goes on is watched again."""
    if change.rung is None:
        return change
    again = by is None and change.state is ChangeState.MERGED
    state, outcome = (ChangeState.WATCHING, None) if again else (change.state, change.outcome)
    return replace(change, rung=replace(change.rung, paused_by=by), state=state, outcome=outcome)


def _held(change: Change, by: Person | None, reason: str | None) -> Change:
    """Paused itself too: it may be merged at this very moment, and be the step on which the ladder stands."""
    if change.rung is not None:
        change = replace(change, rung=replace(change.rung, paused_by=by))
    if by is None:
        ours = change.hold_reason is not None and change.hold_reason.startswith(PAUSED)
        return replace(change, held_by=None, hold_reason=None) if ours else change
    if change.held_by is not None:
        return change
    return replace(change, held_by=by, hold_reason=f"{PAUSED} {reason}" if reason else PAUSED)
