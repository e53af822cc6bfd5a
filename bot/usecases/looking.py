"""The facts about one merged change: the signals that are its own, what took its place, where one could go back to."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Action, Change
from bot.domain.facts import HistoryEntry
from bot.domain.policy import Environment, Policy, RolloutRule, Target
from bot.domain.rollout import Rollout, RolloutState, Times, follow
from bot.domain.signal import Signal
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.history import entries
from bot.usecases.repo import Repo, find_target

SKEW = 600.0  # an engine's clock may be behind the forge's by so many seconds


def rollout_of(ctx: Context, repo: Repo, policy: Policy, change: Change, later: Change | None) -> Rollout:
    """The rollout of a merged change as all that is known now tells it. ``later`` is the change of the same target that
    was merged next."""
    environment = policy.stage_for(change.intent.model, change.intent.environment)
    target = find_target(policy, repo, ctx.checkout.head(), change.intent.model, environment)
    merged = merged_at(change)
    gone = merged_at(later) if later else _moved_away(ctx, repo, target, change)
    seen = follow(_signals(ctx, change, later), merged, times_of(environment, change), ctx.clock.now(), gone)
    silent = environment.rollout.engine == "none" and seen.state is RolloutState.SILENT
    return replace(seen, state=RolloutState.WAITING) if silent else seen  # nobody was to tell anything


def merged_at(change: Change) -> float:
    """When it was merged, in seconds since the epoch."""
    return change.merged_at if change.merged_at is not None else change.created_at


def times_of(environment: Environment, change: Change) -> Times:
    """How long is waited, and watched; a rung of a ladder is watched as the ladder says."""
    rule = rule_of(environment, change)
    return Times(rule.timeout, rule.watch)


def rule_of(environment: Environment, change: Change) -> RolloutRule:
    """The environment's rule, with the watch time of the ladder for a rung that is not its last."""
    rule, rung = environment.rollout, change.rung
    if rung is None or rung.percent == 100 or environment.steps is None:
        return rule
    return replace(rule, watch=environment.steps.watch)


def next_of(ctx: Context, change: Change) -> Change | None:
    """The change of the same target that was merged next, if any."""
    merged = ctx.changes.merged_for(change.intent.model, change.intent.environment)
    later = [one for one in merged if (merged_at(one), one.id) > (merged_at(change), change.id)]
    return later[-1] if later else None


def _signals(ctx: Context, change: Change, later: Change | None) -> list[Signal]:
    intent = change.intent
    since = merged_at(change) - SKEW
    told = ctx.signals.of(intent.model, intent.environment, since)
    held: dict[str, bool] = {}
    mine = []
    for record in told:
        signal = record.signal
        if signal.revision is None:
            if signal.at >= merged_at(change):
                mine.append(signal)
            continue
        if signal.revision not in held:
            held[signal.revision] = _holds(ctx, change, later, signal.revision)
        if held[signal.revision] and record.version == intent.to:
            mine.append(signal)
    return mine


def _holds(ctx: Context, change: Change, later: Change | None, revision: str) -> bool:
    """The revision is the merge commit or a descendant of it, and not of the next change's."""
    return _descends(ctx, change, revision) and not (later and _descends(ctx, later, revision))


def _descends(ctx: Context, change: Change, revision: str) -> bool:
    commit = change.merge_commit
    if commit is None or not ctx.checkout.ensure(revision):
        return False
    return commit == revision or ctx.checkout.merge_base(commit, revision) == commit


def _moved_away(ctx: Context, repo: Repo, target: Target, change: Change) -> float | None:
    """When a commit that is no change of ours moved the version away; None where it still stands."""
    try:
        if repo.candidate_at(ctx.checkout.head(), target) == change.intent.to:
            return None
    except Refused:
        return None  # what cannot be read now tells nothing
    moved: HistoryEntry | None = None
    for entry in entries(repo, ctx.checkout.head(), target, depth=100):
        if entry.commit == change.merge_commit or repo.stood(entry, target).newest == change.intent.to:
            break
        moved = entry
    return moved.time if moved is not None and moved.time >= merged_at(change) - SKEW else None


def is_rollback(change: Change) -> bool:
    """Whether it took something back."""
    return change.intent.action is Action.ROLLBACK
