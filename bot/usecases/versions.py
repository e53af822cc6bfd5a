"""Versions as the registry knows them, and their metrics beside each other."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.cards import MetricLine
from bot.domain.change import Intent
from bot.domain.facts import ModelVersion
from bot.domain.policy import Policy
from bot.domain.policy.gates import direction_of
from bot.errors import Refused, RegistryUnavailable
from bot.usecases.context import Context


def known_versions(ctx: Context, policy: Policy, intent: Intent) -> tuple[ModelVersion | None, ModelVersion | None]:
    """The candidate and the deployed version as the registry knows them; None for what it does not tell now."""
    name = policy.registered_name(intent.model)
    return _known(lambda: ctx.registry.version(name, intent.to)), (
        _known(lambda: ctx.registry.version(name, intent.frm or "")) if intent.frm else None
    )


def known_version(ctx: Context, policy: Policy, model: str, version: str) -> ModelVersion | None:
    """A version as the registry knows it; None for what it does not tell now."""
    return _known(lambda: ctx.registry.version(policy.registered_name(model), version))


def _known(look: Callable[[], ModelVersion]) -> ModelVersion | None:
    try:
        return look()
    except (Refused, RegistryUnavailable):
        return None


def metric_lines(
    policy: Policy, intent: Intent, candidate: ModelVersion | None, deployed: ModelVersion | None
) -> tuple[MetricLine, ...]:
    """The candidate's metrics beside the deployed version's, the model's primary one first."""
    if candidate is None:
        return ()
    primary = policy.model(intent.model).primary_metric
    names = sorted(candidate.metrics, key=lambda name: (name != primary, name))
    before = deployed.metrics if deployed else {}
    return tuple(
        MetricLine(
            name, before.get(name), candidate.metrics[name], _better(policy, intent.model, name, before, candidate)
        )
        for name in names
    )


def _better(policy: Policy, model: str, name: str, before: dict[str, float], candidate: ModelVersion) -> bool | None:
    said = policy.model(model)
    direction = direction_of(name, said.greater_is_better if name == said.primary_metric else None)
    if direction is None or name not in before:
        return None
    gain = candidate.metrics[name] - before[name]
    return gain > 0 if direction == "higher" else gain < 0
