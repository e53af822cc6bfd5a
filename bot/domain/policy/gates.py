"""Gates as the policy means them: `primary` and its direction resolved for a model, and no name twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import count

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
    """The gate as it applies to the model. A name that the policy gives it stays."""
    if not isinstance(gate, MetricGate) or gate.metric != PRIMARY:
        return gate
    metric = model.primary_metric or UNSET_PRIMARY
    direction = direction_of(metric, model.greater_is_better) or gate.direction
    given = gate.name != gate_name(PRIMARY, gate.against)
    name = gate.name if given else gate_name(metric, gate.against)
    return replace(gate, metric=metric, name=name, direction=direction)


def gate_name(metric: str, against: str | None) -> str:
    """How a metric gate is called on cards, in statuses and in `plan --json`."""
    return f"{metric} against {against}" if against else metric


def is_pattern(metric: str) -> bool:
    """Whether it stands for several metrics, each of which is a slice then."""
    return any(ch in metric for ch in "*?[")


def is_for(gate: Gate, model: str) -> bool:
    """Whether a gate of an environment is for this model: `models` are names of the policy, or patterns of them."""
    return not gate.only or any(fnmatchcase(model, one) for one in gate.only)


def told_apart(named: Iterable[tuple[str, Sequence[Gate]]]) -> Iterator[Gate]:
    """The gates of several places as one list in which no name comes twice, because waivers name gates. What several
    places say alike is one gate; one that has another's name gets its own place's name added."""
    said: set[Gate] = set()
    names: set[str] = set()
    for whose, gates in named:
        for gate in gates:
            if gate in said:
                continue
            name = _free(gate.name, whose, names)
            said.add(gate)
            names.add(name)
            yield gate if name == gate.name else replace(gate, name=name)


def _free(name: str, whose: str, taken: Collection[str]) -> str:
    """`auc`, else `auc of staging`, else `auc of staging (2)`."""
    if name not in taken:
        return name
    base = f"{name} of {whose}" if whose else name
    if base not in taken:
        return base
    return next(text for text in (f"{base} ({number})" for number in count(2)) if text not in taken)
