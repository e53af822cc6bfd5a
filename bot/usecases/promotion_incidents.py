"""Which incidents stand in the way of a change, and what the policy makes of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.change import Intent
from bot.domain.gating.promotions import brings_in, gates_under, rules_under
from bot.domain.policy import Environment, Gate, Policy
from bot.usecases.context import Context


def gates_beside(
    ctx: Context, policy: Policy, intent: Intent, moves: Collection[str], gates: Sequence[Gate]
) -> tuple[Gate, ...]:
    """The gates, and the one that comes of what is open in any environment that the change moves. Raises
    StoreUnavailable."""
    return gates_under(policy.drift.incident.promotions, gates, _open_kinds(ctx, policy, intent, moves))


def rules_beside(
    ctx: Context, policy: Policy, intent: Intent, moves: Collection[str], environment: Environment
) -> Environment:
    """The environment, with one more approval where that is what an open incident asks for. Raises StoreUnavailable."""
    if policy.drift.incident.promotions != "quorum":
        return environment
    return rules_under("quorum", environment, _open_kinds(ctx, policy, intent, moves))


def _open_kinds(ctx: Context, policy: Policy, intent: Intent, moves: Collection[str]) -> frozenset[str]:
    """None for what goes back, nor for a version that came of a retraining: that is what is to end it."""
    log = ctx.incident_log
    if log is None or policy.drift.incident.promotions == "ignore" or not brings_in(intent):
        return frozenset()
    found = frozenset(one.kind.value for name in dict.fromkeys(moves) for one in log.open(intent.model, name))
    return frozenset() if found and _is_retrained(ctx, intent) else found


def _is_retrained(ctx: Context, intent: Intent) -> bool:
    return ctx.retrains is not None and ctx.retrains.by_version(intent.model, intent.to) is not None
