"""The delivery numbers: of one model out of its records and Git, of the whole fleet out of the records alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.arrivals import of_history, of_records
from bot.domain.cards import DeliveryLine
from bot.domain.change import Change
from bot.domain.delivery import DAY, DAYS, measured
from bot.domain.policy import Policy, Target
from bot.ports import Changes
from bot.usecases.context import Context
from bot.usecases.history import past
from bot.usecases.repo import Repo, target_at

RECORDS = COMMITS = 200  # of one target: more in four weeks is no delivery that a median says anything about
LOOK_BACK_DAYS = 14  # records are found by when they were asked for; they are merged within the policy's `expire`

Lines = dict[tuple[str, str], DeliveryLine]
"""By model and environment."""


def model_delivery(ctx: Context, repo: Repo, policy: Policy, base: str, model: str) -> tuple[DeliveryLine, ...]:
    """One line for each environment in which the model is declared, in promotion order."""
    names = [environment.name for environment in policy.environments]
    merged = {name: ctx.changes.merged_for(model, name, RECORDS) for name in names}
    known = {key: one for changes in merged.values() for one in changes for key in (one.id, one.merge_commit) if key}
    targets = ((name, target_at(policy, repo, base, model, name)) for name in names)
    return tuple(_line(ctx, repo, base, target, merged[name], known) for name, target in targets if target)


def _line(
    ctx: Context, repo: Repo, base: str, target: Target, changes: Iterable[Change], known: Mapping[str, Change]
) -> DeliveryLine:
    now = ctx.clock.now()
    history = past(repo, base, target, COMMITS)
    commits = of_history(history, target.environment, known, now, now - DAYS * DAY, COMMITS)
    return measured(target.environment, [*of_records(changes), *commits], now)


def fleet_delivery(changes: Changes, now: float) -> Lines:
    """Every target of which a change was merged lately: one query, however many models there are. What was made
    outside SlackOps is not in the records."""
    targets: dict[tuple[str, str], list[Change]] = {}
    for change in changes.merged_since(now - (DAYS + LOOK_BACK_DAYS) * DAY):
        targets.setdefault((change.intent.model, change.intent.environment), []).append(change)
    return {key: measured(key[1], of_records(group), now) for key, group in sorted(targets.items())}
