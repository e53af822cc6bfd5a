"""What no single key can show: names that clash, targets that share a value, models that a gate cannot judge."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from bot.domain.policy.build import bindings
from bot.domain.policy.gates import PRIMARY, direction_of
from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding
from bot.domain.policy.names import validate_name
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import ModelRule, PolicyFile
from bot.errors import Refused

Finding = tuple[Key, str]


def check_names(data: Mapping[str, object]) -> Iterator[Finding]:
    """Environments' and models' names. Looks at the file as it was read, so that it works beside other faults."""
    environments, models = _mapping(data.get("environments")), _mapping(data.get("models"))
    yield from _aliases(environments)
    for name, rule in models.items():
        try:
            validate_name("model", name)
        except Refused as refused:
            yield ("models", name), f"{refused.message} {refused.unblock}"
        for stage in _mapping(_mapping(rule).get("targets")):
            if stage not in environments:
                yield ("models", name, "targets", stage), _no_environment(stage, environments)


def _aliases(environments: Mapping[str, object]) -> Iterator[Finding]:
    owner = {name: name for name in environments}
    for name, rule in environments.items():
        aliases = _mapping(rule).get("aliases")
        for place, alias in enumerate(aliases if isinstance(aliases, tuple) else ()):
            if isinstance(alias, str) and owner.setdefault(alias, name) != name:
                yield ("environments", name, "aliases", place), f"{alias!r} is a name of {owner[alias]} already"


def _no_environment(stage: str, environments: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(stage, environments, n=1)
    known = ", ".join(environments) or "none"
    return f"no such environment; {f'did you mean {near[0]}?' if near else f'expected one of {known}'}"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def check_policy(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """What holds between the parts of a policy whose shape is right."""
    primary = next((e for e, rule in file.environments.items() if any(g.metric == PRIMARY for g in rule.gates)), None)
    for name, rule in file.models.items():
        yield from _primary(name, rule, f"a gate of {primary}" if primary else None)
        if rule.targets:
            yield from _shared(name, policy)
    if len(file.environments) > 1:
        yield from _layouts(file, "environment", "one value would serve every environment")
    yield from _layouts(file, "model", "one value would serve every model")


def _primary(name: str, rule: ModelRule, user: str | None) -> Iterator[Finding]:
    if rule.primary_metric is None:
        user = "one of its gates" if any(gate.metric == PRIMARY for gate in rule.gates) else user
        if user:
            yield ("models", name), f"primary_metric is missing; {user} asks for it"
    elif direction_of(rule.primary_metric, rule.greater_is_better) is None:
        message = f"the direction of {rule.primary_metric} is not known; add greater_is_better: true or false"
        yield ("models", name, "primary_metric"), message


def _shared(name: str, policy: Policy) -> Iterator[Finding]:
    """One value for two environments: promoting in one would change the other."""
    owner: dict[tuple[object, ...], str] = {}
    own = policy.model(name).targets
    for stage in (environment.name for environment in policy.environments):
        targets = (own[stage],) if stage in own else tuple(layout.target(name, stage) for layout in policy.layouts)
        for binding in (binding for target in targets for binding in target.bindings):
            before = owner.setdefault(_leaf(binding), stage)
            if before != stage and own.keys() & {before, stage}:
                place = stage if stage in own else before
                message = (
                    f"{binding.file} {binding.at} stands for {before} and {stage}; a shared value is not supported"
                )
                yield ("models", name, "targets", place), message


def _layouts(file: PolicyFile, variable: str, why: str) -> Iterator[Finding]:
    for place, entry in enumerate(file.layouts):
        for binding in bindings(entry):
            if f"{{{variable}}}" not in "\n".join(str(part) for part in _leaf(binding)):
                yield ("layouts", place), f"{{{variable}}} is missing from the file, the document or at; {why}"
                break


def _leaf(binding: Binding) -> tuple[object, ...]:
    doc = binding.doc
    return (binding.file, doc and doc.kind, doc and doc.name, binding.at)
