"""From the policy file's shape to the facts that the bot asks for."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.policy.build_drift import drift_of
from bot.domain.policy.build_gates import gate_of
from bot.domain.policy.build_retrain import retrain_of
from bot.domain.policy.build_windows import reminding_of, windows_of
from bot.domain.policy.fan_out import Regions, expanded, names_of, regions_in, soak_gates
from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import (
    Approvals,
    Binding,
    Block,
    CiRule,
    Declared,
    DocSelector,
    Environment,
    MergeRule,
    ModelPolicy,
    ProposeRule,
    RollbackRule,
    RolloutRule,
    StepsRule,
    StormRule,
    Target,
)
from bot.domain.policy.policy import Policy, principal
from bot.domain.policy.schema import EnvironmentRule, ModelRule, PolicyFile, Roles, Rollback
from bot.domain.policy.schema_registry import Propose
from bot.domain.policy.schema_rollout import Rollout, Steps
from bot.domain.policy.schema_targets import TargetEntry
from bot.domain.policy.stepping import VERSION_ROLES


def build(file: PolicyFile) -> Policy:
    """The policy, with every default filled in."""
    regions = regions_in(file)
    return Policy(
        environments=tuple(
            stage
            for name, rule in file.environments.items()
            for stage in expanded(_environment(name, rule, file, regions), rule, regions)
        ),
        models={name: _model(name, rule, regions) for name, rule in file.models.items()},
        layouts=tuple(_layout((entry,), regions) for entry in file.layouts),
        roles=_roles(file.roles),
        enforce=file.enforce,
        commits=file.commits,
        channel=file.defaults.channel,
        device_links=file.linking.device,
        propose=tuple(_propose(rule) for rule in file.propose),
        ci=CiRule(file.alerts.ci.repos, file.alerts.ci.many, file.alerts.ci.within.total_seconds()),
        storm=StormRule(file.alerts.storm.incidents, file.alerts.storm.within.total_seconds()),
        drift=drift_of(file.drift, file.defaults.channel),
        retrain=retrain_of(file.retrain),
        review_within=file.break_glass.review_within.total_seconds(),
    )


def _environment(name: str, rule: EnvironmentRule, file: PolicyFile, regions: Regions) -> Environment:
    need = rule.approvals
    return Environment(
        name=name,
        aliases=rule.aliases,
        channel=rule.channel or file.defaults.channel,
        approvals=Approvals(
            need.required, need.from_, need.requester, need.reviews, (need.rule.rule,) if need.rule.rule else ()
        ),
        roles=_roles(rule.roles),
        rollback=_rollback(rule.rollback),
        gates=(*(gate_of(gate) for gate in rule.gates), *soak_gates(rule.after, regions)),
        merge=MergeRule(rule.merge.method, rule.merge.auto),
        notify={str(event): whom for event, whom in file.defaults.notify.items()},
        rollout=_rollout(rule.rollout),
        healthy_alias=rule.on_healthy.alias if rule.on_healthy else None,
        steps=_steps(rule.steps) if rule.steps else None,
        windows=windows_of(rule.windows),
        reminding=reminding_of(rule, file.defaults),
    )


def _rollback(rule: Rollback) -> RollbackRule:
    return RollbackRule(rule.approvals, rule.requester, rule.freezes, rule.windows)


def _rollout(rule: Rollout) -> RolloutRule:
    return RolloutRule(
        rule.engine, rule.application, rule.timeout.total_seconds(), rule.watch.total_seconds(), rule.on_degraded
    )


def _model(name: str, rule: ModelRule, regions: Regions) -> ModelPolicy:
    return ModelPolicy(
        name=name,
        owners=rule.owners,
        repo=rule.repo,
        channel=rule.channel,
        roles=_roles(rule.roles),
        primary_metric=rule.primary_metric,
        greater_is_better=rule.greater_is_better,
        registry=rule.registry,
        gates=tuple(gate_of(gate) for gate in rule.gates),
        targets=_targets(name, rule, regions),
        steps={
            stage: _steps(one)
            for written, one in sorted(rule.steps.items(), key=lambda pair: pair[0] not in regions)
            for stage in names_of(written, regions)
        },
    )


def _propose(rule: Propose) -> ProposeRule:
    return ProposeRule(rule.on, rule.to, rule.alias, rule.tag, rule.equals, rule.models)


def _steps(rule: Steps) -> StepsRule | None:
    """Blue/green has two steps: the idle slot is written, then the switch is flipped."""
    if rule.mode == "none":
        return None
    one, other = rule.slots or ("blue", "green")
    percents = rule.percents or (0, 100)
    return StepsRule(rule.mode, percents, rule.watch.total_seconds(), rule.metric, rule.approvals, (one, other))


def _targets(model: str, rule: ModelRule, regions: Regions) -> dict[str, Target]:
    """What is said of one region goes before what is said of all."""
    declared = tuple(Declared(name, one.pattern, one.from_) for name, one in rule.vars.items())
    written = {stage: entries for stage, entries in rule.targets.items() if entries}
    return {
        name: replace(
            _layout(entries, regions).target(model, name, declared),
            traffic=_traffic(entries, regions).target(model, name, declared).bindings,
        )
        for stage, entries in sorted(written.items(), key=lambda pair: pair[0] not in regions)
        for name in names_of(stage, regions)
    }


def _layout(entries: tuple[TargetEntry, ...], regions: Regions) -> Layout:
    return Layout(
        tuple(binding for entry in entries for binding in bindings(entry) if binding.role in VERSION_ROLES),
        tuple(block for entry in entries for block in _blocks(entry)),
        tuple(
            dict.fromkeys(name for entry in entries for stage in entry.shared_with for name in names_of(stage, regions))
        ),
        tuple(region for found in regions.values() for region in found),
    )


def _traffic(entries: tuple[TargetEntry, ...], regions: Regions) -> Layout:
    """The places of a ladder of steps, filled in as the others are."""
    every = (binding for entry in entries for binding in bindings(entry) if binding.role not in VERSION_ROLES)
    numbers = tuple(replace(one, number=one.role in ("percent", "rest")) for one in every)
    return Layout(numbers, regions=tuple(region for found in regions.values() for region in found))


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
    written = ((role, getattr(roles, role)) for role in Roles.model_fields)
    return {role: frozenset(principal(one) for one in members) for role, members in written if members is not None}
