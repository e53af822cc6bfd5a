"""Where a rollback of a target would go: history, and what engines told, put together."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.going_back import Choice, last_healthy
from bot.domain.health import Health, health_of
from bot.domain.past import Past, Replay
from bot.domain.policy import Policy
from bot.domain.signal import Phase
from bot.usecases.context import Context
from bot.usecases.history import past
from bot.usecases.repo import Repo, find_target
from bot.usecases.stops import banned
from bot.usecases.told import told_of


def where_to(ctx: Context, repo: Repo, policy: Policy, model: str, environment: str) -> Choice | None:
    """The last healthy version of a target before the one that stands at the head of the default branch."""
    base = ctx.checkout.head()
    target = find_target(policy, repo, base, model, policy.environment(environment))
    deployed = repo.standing(base, target).leaving
    return chosen(ctx, repo, Replay(past(repo, base, target)), deployed, model, target.environment)


def chosen(
    ctx: Context, repo: Repo, history: Iterable[Past], deployed: str | None, model: str, environment: str
) -> Choice | None:
    """The last healthy version in a history. History is read no further than it must be: where no other version was
    ever told to be healthy, there is none to look for."""
    told = told_of(ctx, repo, model, environment)
    shut = banned(ctx, repo, model)
    if not told:
        return last_healthy(history, deployed, None, shut)
    hopes = {version for version, signal in told if version and signal.phase is Phase.HEALTHY} - {deployed} - shut

    def judge(stay: Past, left_at: float | None) -> Health:
        since = stay.time if stay.since is None else stay.since
        return health_of(told, stay.version or "", since, left_at)

    return last_healthy(history, deployed, judge, shut, hopes)
