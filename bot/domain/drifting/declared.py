"""The policy's runs, one for each model and environment that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from bot.domain.drifting.measuring import DataSet, DriftRun, PerformanceRule
from bot.domain.drifting.templates import filled
from bot.domain.policy.model_drift import RunRule
from bot.domain.policy.policy import Policy

PRIMARY = "primary"


def is_pattern(name: str) -> bool:
    """Whether it may name several models."""
    return "*" in name or "?" in name


def runs_of(policy: Policy, targets: Iterable[tuple[str, str]]) -> tuple[DriftRun, ...]:
    """All of them, by name. ``targets`` are the models and environments that the deployment repo declares: a pattern
    stands for those of them that it matches, a name for itself, wherever it is."""
    known = tuple(targets)
    found = {run.name: run for rule in policy.drift.runs for run in _expanded(policy, rule, known)}
    return tuple(found[name] for name in sorted(found))


def _expanded(policy: Policy, rule: RunRule, targets: tuple[tuple[str, str], ...]) -> Iterator[DriftRun]:
    stages = [stage.name for stage in policy.stages(rule.run.environment)]
    alone = len(stages) == 1 and len(rule.models) == 1 and not is_pattern(rule.models[0])
    for stage in stages:
        for model in dict.fromkeys(_models(rule, stage, targets)):
            name = rule.run.name if alone else f"{rule.run.name}/{model}/{stage}"
            yield _for(policy, replace(rule.run, name=name, model=model, environment=stage))


def _models(rule: RunRule, stage: str, targets: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for one in rule.models:
        if is_pattern(one):
            yield from sorted(model for model, where in targets if where == stage and fnmatchcase(model, one))
        else:
            yield one


def _for(policy: Policy, run: DriftRun) -> DriftRun:
    names = {"model": run.model, "environment": run.environment}
    primary = policy.model(run.model).primary_metric or PRIMARY
    return replace(
        run,
        reference=_placed(run.reference, names),
        current=_placed(run.current, names),
        performance=tuple(_named(rule, primary) for rule in run.performance),
    )


def _placed(data: DataSet, names: Mapping[str, str]) -> DataSet:
    return replace(data, path=filled(data.path, names), query=filled(data.query, names))


def _named(rule: PerformanceRule, primary: str) -> PerformanceRule:
    return replace(rule, against=primary) if rule.against == PRIMARY else rule
