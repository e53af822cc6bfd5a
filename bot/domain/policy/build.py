"""From the policy file's shape to the facts that the bot asks for."""

from __future__ import annotations

from bot.domain.policy.gates import direction_of, gate_name
from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import (
    Approvals,
    Binding,
    Block,
    CheckGate,
    Declared,
    DocSelector,
    Environment,
    Gate,
    MergeRule,
    MetricGate,
    ModelPolicy,
    RollbackRule,
    RolloutRule,
    StormRule,
    Target,
)
from bot.domain.policy.policy import Policy, principal
from bot.domain.policy.schema import EnvironmentRule, ModelRule, PolicyFile, Roles
from bot.domain.policy.schema_gates import GateRule
from bot.domain.policy.schema_rollout import Rollout
from bot.domain.policy.schema_targets import TargetEntry


def build(file: PolicyFile) -> Policy:
    """The policy, with every default filled in."""
    return Policy(
        environments=tuple(_environment(name, rule, file) for name, rule in file.environments.items()),
        models={name: _model(name, rule) for name, rule in file.models.items()},
        layouts=tuple(_layout((entry,)) for entry in file.layouts),
        roles=_roles(file.roles),
        storm=StormRule(file.alerts.storm.incidents, file.alerts.storm.within.total_seconds()),
    )


def _environment(name: str, rule: EnvironmentRule, file: PolicyFile) -> Environment:
    need = rule.approvals
    return Environment(
        name=name,
        aliases=rule.aliases,
        channel=rule.channel or file.defaults.channel,
        approvals=Approvals(need.required, need.from_, need.requester),
        rollback=RollbackRule(rule.rollback.approvals, rule.rollback.requester),
        gates=tuple(_gate(gate) for gate in rule.gates),
        merge=MergeRule(rule.merge.method, rule.merge.auto),
        notify={str(event): whom for event, whom in file.defaults.notify.items()},
        rollout=_rollout(rule.rollout),
        healthy_alias=rule.on_healthy.alias if rule.on_healthy else None,
    )


def _rollout(rule: Rollout) -> RolloutRule:
    return RolloutRule(
        rule.engine, rule.application, rule.timeout.total_seconds(), rule.watch.total_seconds(), rule.on_degraded
    )


def _model(name: str, rule: ModelRule) -> ModelPolicy:
    return ModelPolicy(
        name=name,
        owners=rule.owners,
        primary_metric=rule.primary_metric,
        greater_is_better=rule.greater_is_better,
        registry=rule.registry,
        gates=tuple(_gate(gate) for gate in rule.gates),
        targets=_targets(name, rule),
    )


def _gate(rule: GateRule) -> Gate:
    if rule.metric is None:
        pattern = rule.check or ""
        return CheckGate(f"check {pattern}", pattern, rule.mode, rule.at)
    return MetricGate(
        name=gate_name(rule.metric, rule.against),
        metric=rule.metric,
        direction=direction_of(rule.metric, rule.greater_is_better) or "higher",
        threshold=rule.threshold,
        against=rule.against,
        max_regression=rule.max_regression,
        mode=rule.mode,
        at=rule.at,
    )


def _targets(model: str, rule: ModelRule) -> dict[str, Target]:
    declared = tuple(Declared(name, one.pattern, one.from_) for name, one in rule.vars.items())
    return {
        stage: _layout(entries).target(model, stage, declared) for stage, entries in rule.targets.items() if entries
    }


def _layout(entries: tuple[TargetEntry, ...]) -> Layout:
    return Layout(
        tuple(binding for entry in entries for binding in bindings(entry)),
        tuple(block for entry in entries for block in _blocks(entry)),
        tuple(dict.fromkeys(stage for entry in entries for stage in entry.shared_with)),
    )


def bindings(entry: TargetEntry) -> tuple[Binding, ...]:
    """One binding for each place in each file of the entry."""
    doc = _doc(entry)
    return tuple(
        Binding(file, doc, place.at, place.value, place.role, entry.format_in(file), entry.when_absent)
        for file in entry.files
        for place in entry.places
    )


def _blocks(entry: TargetEntry) -> tuple[Block, ...]:
    scope = entry.rollback.scope
    files = entry.files if scope is not None else ()
    return tuple(Block(file, _doc(entry), scope or "", entry.format_in(file)) for file in files)


def _doc(entry: TargetEntry) -> DocSelector | None:
    return None if entry.doc is None else DocSelector(entry.doc.kind, entry.doc.name)


def _roles(roles: Roles) -> dict[str, frozenset[str]]:
    written = {"promote": roles.promote, "rollback": roles.rollback}
    return {
        role: frozenset(principal(one) for one in members) for role, members in written.items() if members is not None
    }
