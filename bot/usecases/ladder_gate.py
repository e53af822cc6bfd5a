"""What keeps an open step of a ladder from merging: the step before it is not well, is paused, or stands no more."""

from __future__ import annotations

from bot.domain.change import Action, Change, Rung
from bot.domain.facts import Pull
from bot.domain.gates import GateResult, GateState
from bot.domain.policy import Policy, Target
from bot.domain.rollout import RolloutState
from bot.domain.stops import takes_out
from bot.usecases.context import Context
from bot.usecases.ladder_words import running
from bot.usecases.looking import rollout_of
from bot.usecases.repo import Repo

LADDER = "ladder"


def ladder_gates(
    ctx: Context, repo: Repo, policy: Policy, target: Target, change: Change, pull: Pull
) -> tuple[GateResult, ...]:
    """Asked at every look, because a step may be open for long. None for what is no later step, or is merged."""
    rung = change.rung
    if rung is None or rung.index == 0 or pull.merged or change.state.final:
        return ()
    before = _last(ctx, change, rung)
    if before is None or not _stands(ctx, repo, target, change):
        back = f"`/rollback {change.intent.model} {change.intent.environment}` goes back"
        return (
            GateResult(LADDER, GateState.FAIL, "the traffic was moved since by another way", f"to close it; {back}"),
        )
    if takes_out(rung) or change.intent.action is Action.ROLLBACK:
        return ()
    return _not_yet(ctx, repo, policy, before, rung)


def _last(ctx: Context, change: Change, rung: Rung) -> Change | None:
    """The step on which its ladder stands."""
    merged = ctx.changes.merged_for(change.intent.model, change.intent.environment, 1)
    same = bool(merged) and merged[0].rung is not None and merged[0].rung.ladder == rung.ladder
    return merged[0] if same else None


def _stands(ctx: Context, repo: Repo, target: Target, change: Change) -> bool:
    """Whether Git still says what the step was opened on; what follows an abort was opened on 0 %."""
    seen = repo.standing(ctx.checkout.head(), target)
    if change.intent.action is Action.ROLLBACK:
        return seen.candidate is not None and seen.share == 0
    return running(ctx, target, seen) is not None


def _not_yet(ctx: Context, repo: Repo, policy: Policy, before: Change, rung: Rung) -> tuple[GateResult, ...]:
    """Only what is known to be healthy gets more. A step that a person opened while it was paused may go on."""
    assert before.rung is not None
    if before.rung.paused_by is not None and rung.paused_by is None:
        return (GateResult(LADDER, GateState.FAIL, "it is paused", "somebody who resumes it", waits=True),)
    if policy.environment(before.intent.environment).rollout.engine == "none":
        return ()
    state = rollout_of(ctx, repo, policy, before, None).state
    if state is RolloutState.HEALTHY:
        return ()
    told = f"#{before.number} is {state.value}"
    return (GateResult(LADDER, GateState.UNKNOWN, told, f"#{before.number} healthy", waits=True),)
