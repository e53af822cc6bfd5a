"""What must fit between targets: values that several environments hold, environments that inherit, formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding, Target
from bot.domain.policy.overlap import agreed, may_meet
from bot.domain.policy.policy import Policy

Finding = tuple[Key, str]
# Values of a model are compared in pairs.
MAX_VALUES = 500


def leaf(binding: Binding) -> tuple[object, ...]:
    """What two bindings of one value have in common."""
    doc = binding.doc
    return (binding.file, doc and doc.kind, doc and doc.name, binding.at)


def check_sharing(model: str, policy: Policy) -> Iterator[Finding]:
    """One value for two environments: promoting in one changes the other, so both must say so."""
    own = policy.model(model).targets
    if sum(len(target.bindings) for target in own.values()) > MAX_VALUES:
        yield ("models", model, "targets"), f"more than {MAX_VALUES} values of one model"
        return
    holders: dict[str, list[tuple[Target, Binding]]] = {}
    for stage in (environment.name for environment in policy.environments):
        for target, binding in _bound(model, stage, policy):
            before = holders.setdefault(binding.file, [])
            for other in _first_of_each(before, binding):
                if own.keys() & {other[0].environment, stage} and not agreed(other[0], target):
                    place = stage if stage in own else other[0].environment
                    yield ("models", model, "targets", place), _message(other, (target, binding))
            before.append((target, binding))


def _first_of_each(before: list[tuple[Target, Binding]], binding: Binding) -> list[tuple[Target, Binding]]:
    """For each environment the first value that may be the binding's too."""
    met: dict[str, tuple[Target, Binding]] = {}
    for target, other in before:
        if target.environment not in met and may_meet(binding, other):
            met[target.environment] = (target, other)
    return list(met.values())


def _message(one: tuple[Target, Binding], other: tuple[Target, Binding]) -> str:
    """Says what is missing: for a shared value each of the two names the other."""
    (mine, binding), (theirs, also) = one, other
    stages = f"{mine.environment} and {theirs.environment}"
    where = f"{also.file} {also.at} stands for {stages}"
    if leaf(binding) != leaf(also):
        where = f"{also.file} {also.at} and {binding.at} may be one value, for {stages}"
    return f"{where}; bind another value, or name the other environment in shared_with of both"


def check_models(policy: Policy) -> Iterator[Finding]:
    """One value for two models in two environments: the rules of one would let the other be changed."""
    holders: dict[tuple[object, ...], dict[str, Target]] = {}
    for model, rule in policy.models.items():
        for target in rule.targets.values():
            for binding in target.bindings:
                others = holders.setdefault(leaf(binding), {})
                other = next((one for one in others.values() if one.model != model and not agreed(one, target)), None)
                if other is not None:
                    message = f"{binding.file} {binding.at} is {other.model} in {other.environment} already"
                    yield ("models", model, "targets", target.environment), f"{message}; bind another value"
                others.setdefault(target.environment, target)


def _bound(model: str, stage: str, policy: Policy) -> Iterator[tuple[Target, Binding]]:
    """What the model may have bound in the environment, by its own target, else by any layout that is in a file of its
    own targets."""
    own = policy.model(model).targets
    files = {file for target in own.values() for file in target.files}
    made = (layout.target(model, stage) for layout in policy.layouts if layout.reaches(files, model, stage))
    for target in (own[stage],) if stage in own else made:
        for binding in target.bindings:
            yield target, binding


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
    own = {} if model is None else policy.model(model).targets
    laid_out = _inherited(chain.from_iterable(layout.bindings for layout in policy.layouts))
    onwards = {
        stage: _inherited(own[stage].bindings) if stage in own else laid_out - {stage}
        for stage in (environment.name for environment in policy.environments)
    }
    for stage in own if model is not None else onwards:
        circle = _circle(stage, onwards)
        if circle:
            key: Key = ("layouts",) if model is None else ("models", model, "targets", stage)
            yield key, f"{' inherits from '.join(circle)}: nobody says the version"
            return


def _inherited(bindings: Iterable[Binding]) -> set[str]:
    return {binding.inherits for binding in bindings if binding.inherits is not None}


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
