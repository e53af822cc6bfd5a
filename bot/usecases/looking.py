"""The facts about one merged change: the signals that are its own, what took its place, where one could go back to."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, ChangeState
from bot.domain.facts import HistoryEntry, Pull
from bot.domain.policy import Environment, Policy, RolloutRule, Target
from bot.domain.rollout import Rollout, RolloutState, Times, follow
from bot.domain.signal import Signal
from bot.errors import Refused
from bot.usecases.applications import ALERTS, SOURCES
from bot.usecases.context import Context
from bot.usecases.history import entries
from bot.usecases.repo import Repo, find_target
from bot.usecases.told import named, names_of

SKEW = 600.0  # an engine's clock may be behind the forge's by so many seconds


def rollout_of(ctx: Context, repo: Repo, policy: Policy, change: Change, later: Change | None) -> Rollout:
    """The rollout of a merged change as all that is known now tells it. ``later`` is the change of the same target that
    was merged next."""
    environment = policy.stage_for(change.intent.model, change.intent.environment)
    target = find_target(policy, repo, ctx.checkout.head(), change.intent.model, environment)
    merged = merged_at(change)
    gone = merged_at(later) if later else moved_away(ctx, repo, target, change)
    told = _of_engine(_signals(ctx, repo, change, later), environment.rollout.engine)
    seen = follow(told, merged, times_of(environment, change), ctx.clock.now(), gone)
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


def _of_engine(told: list[Signal], engine: str) -> list[Signal]:
    """Once the engine of the policy has told of it, the last word of the one that was there before counts no more: that
    one will not take it back."""
    counts = SOURCES.get(engine, frozenset())
    if not any(signal.source in counts for signal in told):
        return told
    return [signal for signal in told if signal.source in counts or signal.source == ALERTS]


def _signals(ctx: Context, repo: Repo, change: Change, later: Change | None) -> list[Signal]:
    intent = change.intent
    since = merged_at(change) - SKEW
    told = ctx.signals.of(intent.model, intent.environment, since)
    names = names_of(repo, change)
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
        if held[signal.revision] and names & {record.version, named(repo, intent.model, record.version)}:
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


def moved_away(ctx: Context, repo: Repo, target: Target, change: Change) -> float | None:
    """When a commit that is no change of ours moved the version away; None where it still stands. What stands on the
    merge commit came after it, whatever the clock said of whoever made it."""
    head, names = ctx.checkout.head(), names_of(repo, change)
    try:
        if repo.candidate_at(head, target) in names:
            return None
    except Refused:
        return None  # what cannot be read now tells nothing
    moved: HistoryEntry | None = None
    for entry in entries(repo, head, target, depth=100):
        if entry.commit == change.merge_commit or repo.stood(entry, target).newest in names:
            break
        moved = entry
    if moved is None or not (_descends(ctx, change, head) or moved.time >= merged_at(change) - SKEW):
        return None
    return max(moved.time, merged_at(change))


def stands(ctx: Context, repo: Repo, policy: Policy, change: Change) -> bool:
    """Nothing took its place: no later change, and no commit by hand. Raises Refused where it has no target now."""
    intent = change.intent
    target = find_target(policy, repo, ctx.checkout.head(), intent.model, policy.environment(intent.environment))
    return next_of(ctx, change) is None and moved_away(ctx, repo, target, change) is None


def still_unattended(ctx: Context, repo: Repo, policy: Policy, change: Change, pull: Pull) -> Change:
    """What a rule asked for may merge by itself only as long as what it takes back is bad and watched."""
    if not change.unattended or pull.merged or change.state.final:
        return change
    cause = ctx.changes.get(change.cause or "")
    if cause is not None and cause.state is ChangeState.WATCHING:
        return replace(change, unattended=rollout_of(ctx, repo, policy, cause, next_of(ctx, cause)).state.bad)
    return replace(change, unattended=False)
