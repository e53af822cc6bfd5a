"""From the policy file's gates to what the bot judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.policy.gate_keys import kinds_of
from bot.domain.policy.gates import direction_of, gate_name
from bot.domain.policy.model_gates import (
    ArtifactGate,
    Baseline,
    BranchGate,
    CheckGate,
    DatasetGate,
    Gate,
    HttpGate,
    IncidentGate,
    Margin,
    MetricGate,
    SignatureGate,
    TagGate,
)
from bot.domain.policy.schema_gates import GateRule

CONFIDENCE = 0.95
CALL_TIMEOUT = 10.0
"""Seconds that an HTTP gate may take where the policy does not say."""


def gate_of(rule: GateRule) -> Gate:
    """The gate, with every default filled in. ``rule`` has exactly one kind."""
    return _BUILDERS[kinds_of(rule)[0]](rule)


def _metric(rule: GateRule) -> Gate:
    metric = rule.metric or ""
    return MetricGate(
        name=rule.name or gate_name(metric, rule.against),
        metric=metric,
        direction=direction_of(metric, rule.greater_is_better) or "higher",
        threshold=rule.threshold,
        against=rule.against,
        max_regression=rule.max_regression,
        mode=rule.mode,
        at=rule.at,
        margin=_margin(rule),
        min_absolute_change=rule.min_absolute_change,
        min_relative_change=rule.min_relative_change,
        slices=rule.slices or "every",
        no_baseline=rule.no_baseline or _no_baseline(rule),
        only=_only(rule),
    )


def _no_baseline(rule: GateRule) -> Baseline:
    """A first deployment is nobody's doing; whoever takes an alias away must not open a gate by it."""
    return "fail" if (rule.against or "").startswith("@") else "skip"


def _margin(rule: GateRule) -> Margin | None:
    if rule.margin is None or rule.stderr is None:
        return None
    return Margin(rule.margin, rule.stderr, CONFIDENCE if rule.confidence is None else rule.confidence)


def _check(rule: GateRule) -> Gate:
    pattern = rule.check or ""
    name = rule.name or f"check {pattern}"
    return CheckGate(name, pattern, rule.mode, rule.at, rule.none or "refuse", _seconds(rule.timeout), _only(rule))


def _tag(rule: GateRule) -> Gate:
    values = rule.one_of or ((rule.equals,) if rule.equals is not None else ())
    return TagGate(rule.name or f"tag {rule.tag}", rule.tag or "", values, rule.mode, rule.at, _only(rule))


def _signature(rule: GateRule) -> Gate:
    wanted, first = rule.signature or "compatible", rule.no_baseline or "skip"
    return SignatureGate(rule.name or "signature", wanted, rule.mode, rule.at, first, _only(rule))


def _artifact(rule: GateRule) -> Gate:
    digest = rule.artifact == "digest"
    return ArtifactGate(rule.name or "artifact", digest, rule.digest_tag, rule.mode, rule.at, _only(rule))


def _dataset(rule: GateRule) -> Gate:
    context = rule.dataset or ""
    name, age = rule.name or f"dataset {context}", _seconds(rule.max_age)
    return DatasetGate(name, context, age, rule.dated_by, rule.mode, rule.at, _only(rule))


def _branch(rule: GateRule) -> Gate:
    branch = rule.branch or ""
    return BranchGate(rule.name or f"branch {branch}", branch, rule.repo, rule.mode, rule.at, _only(rule))


def _incident(rule: GateRule) -> Gate:
    kind = rule.incident or "any"
    return IncidentGate(rule.name or f"incident {kind}", kind, rule.mode, rule.at, _only(rule))


def _http(rule: GateRule) -> Gate:
    timeout = _seconds(rule.timeout)
    waits = CALL_TIMEOUT if timeout is None else timeout
    return HttpGate(rule.name or "http", rule.http or "", waits, rule.mode, rule.at, _only(rule))


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _only(rule: GateRule) -> tuple[str, ...]:
    """Models at an environment's gate, environments at a model's; `check_gates` refuses the other way round."""
    return rule.models or rule.environments


_BUILDERS: dict[str, Callable[[GateRule], Gate]] = {
    "metric": _metric,
    "check": _check,
    "tag": _tag,
    "signature": _signature,
    "artifact": _artifact,
    "dataset": _dataset,
    "branch": _branch,
    "incident": _incident,
    "http": _http,
}
