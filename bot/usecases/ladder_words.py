"""Where a target's ladder stands, and what is said of it."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.policy import Environment, Target
from bot.domain.policy.stepping import switched
from bot.domain.steps import planned, serving
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.standing import Standing, holds


def running(ctx: Context, target: Target, seen: Standing) -> Change | None:
    """The change of the step on which the target's ladder stands now; None where there is no ladder under way."""
    merged = ctx.changes.merged_for(target.model, target.environment, 1)
    last = merged[0] if merged else None
    if last is None or last.rung is None or last.rung.percent == 100 or last.rung.aborted_by is not None:
        return None
    stands, said = (seen.idle, seen.idle_variables) if switched(target) else (seen.candidate, seen.candidate_variables)
    # the registry may not tell now which version an id in a manifest is: then its values tell
    return last if stands is not None and (stands == last.intent.to or holds(said, last.variables)) else None


def serving_now(ctx: Context, repo: Repo, base: str, target: Target) -> str:
    """`42 gets 10 %, 41 gets 90 %` while a ladder is under way at a commit; else nothing."""
    if target.steps is None:
        return ""
    try:
        seen = repo.standing(base, target)
    except Refused:
        return ""
    if seen.candidate is not None:
        return serving(seen.version, seen.candidate, seen.share or 0)
    last = running(ctx, target, seen)
    return serving(seen.version, last.intent.to, 0) if last else ""


def serving_of(ctx: Context, repo: Repo, target: Target, change: Change) -> str:
    """The same for the card of a change that is not merged yet."""
    words = "" if change.state.final else serving_now(ctx, repo, ctx.checkout.head(), target)
    return f"Now {words}." if words else ""


def ladder_of(environment: Environment, change: Change) -> str:
    """The ladder that a change belongs to, and its place in it."""
    rung, rule = change.rung, environment.steps
    if rung is None or rule is None or rung.aborted_by is not None or rung.index >= len(rung.percents):
        return ""
    return f"{planned(rung.percents, rule.watch)} This is step {rung.index + 1} of {len(rung.percents)}."
