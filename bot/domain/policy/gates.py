"""Gates as the policy means them: `primary` and the direction of a metric resolved for a model."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.policy.metrics import greater_is_better
from bot.domain.policy.model import Direction, Gate, MetricGate, ModelPolicy

PRIMARY = "primary"
# MLflow allows no parentheses in a metric's name, so this is never found and the gate stays unknown, which blocks.
UNSET_PRIMARY = "(primary_metric is not set)"


def direction_of(metric: str, said: bool | None) -> Direction | None:
    """What the policy says, else what is commonly known, else None."""
    better = said if said is not None else greater_is_better(metric)
    return None if better is None else "higher" if better else "lower"


def resolve(gate: Gate, model: ModelPolicy) -> Gate:
    """The gate as it applies to the model."""
    if not isinstance(gate, MetricGate) or gate.metric != PRIMARY:
        return gate
    metric = model.primary_metric or UNSET_PRIMARY
    direction = direction_of(metric, model.greater_is_better) or gate.direction
    return replace(gate, metric=metric, name=gate_name(metric, gate.against), direction=direction)


def gate_name(metric: str, against: str | None) -> str:
    """How a metric gate is called on cards, in statuses and in `plan --json`."""
    return f"{metric} against {against}" if against else metric
