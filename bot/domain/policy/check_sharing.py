"""What must fit between targets: values that several environments hold, environments that inherit, formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding, Target
from bot.domain.policy.policy import Policy

Finding = tuple[Key, str]


def leaf(binding: Binding) -> tuple[object, ...]:
    """What two bindings of one value have in common."""
    doc = binding.doc
    return (binding.file, doc and doc.kind, doc and doc.name, binding.at)


def check_sharing(model: str, policy: Policy) -> Iterator[Finding]:
    """One value for two environments: promoting in one changes the other, so both must say so."""
    own = policy.model(model).targets
    holders: dict[tuple[object, ...], dict[str, Target]] = {}
    for stage in (environment.name for environment in policy.environments):
        for target, binding in _bound(model, stage, policy):
            others = holders.setdefault(leaf(binding), {})
            for other in others.values():
                if own.keys() & {other.environment, stage} and not _agreed(other, target):
                    place = stage if stage in own else other.environment
                    yield ("models", model, "targets", place), _message(binding, other, target)
            others[stage] = target


def _message(binding: Binding, one: Target, other: Target) -> str:
    """Says what is missing: for a shared value each of the two names the other."""
    where = f"{binding.file} {binding.at} stands for {one.environment} and {other.environment}"
    return f"{where}; bind another value, or name the other environment in shared_with of both"


def _agreed(one: Target, other: Target) -> bool:
    if one.environment == other.environment:
        return True
    return one.environment in other.shared_with and other.environment in one.shared_with


def _bound(model: str, stage: str, policy: Policy) -> Iterator[tuple[Target, Binding]]:
    for target in _targets(model, stage, policy):
        for binding in target.bindings:
            yield target, binding


def _targets(model: str | None, stage: str, policy: Policy) -> tuple[Target, ...]:
    """The targets that the model may have in the environment: its own, else what each layout makes."""
    own = {} if model is None else policy.model(model).targets
    if stage in own:
        return (own[stage],)
    return tuple(layout.target(model or "model", stage) for layout in policy.layouts)


def check_formats(model: str, policy: Policy) -> Iterator[Finding]:
    """One file of a target is read in one format."""
    for stage, target in policy.model(model).targets.items():
        said: dict[str, str] = {}
        for binding in target.bindings:
            if said.setdefault(binding.file, binding.format) != binding.format:
                message = f"{binding.file} is {said[binding.file]} here and {binding.format} there; expected one format"
                yield ("models", model, "targets", stage), message
                break


def check_inheritance(model: str | None, policy: Policy) -> Iterator[Finding]:
    """No environment inherits from itself round about. Without a model the layouts alone are looked at."""
    onwards = {
        stage: {
            binding.inherits
            for target in _targets(model, stage, policy)
            for binding in target.bindings
            if binding.inherits is not None
        }
        for stage in (environment.name for environment in policy.environments)
    }
    own = {} if model is None else policy.model(model).targets
    for stage in own if model is not None else onwards:
        circle = _circle(stage, onwards)
        if circle:
            key: Key = ("layouts",) if model is None else ("models", model, "targets", stage)
            yield key, f"{' inherits from '.join(circle)}: nobody says the version"
            return


def _circle(start: str, onwards: Mapping[str, set[str]]) -> list[str]:
    """A way from an environment back to it, or nothing."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop()
        for stage in sorted(onwards.get(way[-1], ())):
            if stage == start:
                return [*way, stage]
            if stage not in seen:
                seen.add(stage)
                ways.append([*way, stage])
    return []
