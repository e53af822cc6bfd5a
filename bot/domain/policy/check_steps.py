"""Ladders of steps: environments that are there, places that their mode knows, names that are free."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding, StepsRule, Target
from bot.domain.policy.overlap import may_meet
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.stepping import NAMES, NEEDS, VERSION_ROLES, missing, with_steps

Finding = tuple[Key, str]
_Held = tuple[Target, Binding]


def check_steps(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """What is wrong beyond the shape of each key."""
    known = {stage.name for stage in policy.environments} | set(file.environments)
    for name, rule in file.models.items():
        for stage in rule.steps:
            if stage not in known:
                yield ("models", name, "steps", stage), no_environment(stage, dict.fromkeys(sorted(known)))
        for stage, target in policy.model(name).targets.items():
            yield from _target(("models", name, "targets", stage), target, policy.steps_for(name, stage))
    yield from _taken(policy)
    for place, entry in enumerate(file.layouts):
        if any(one.role not in ("primary", "companion") for one in entry.set):
            message = "candidate, percent, rest and switch stand in a model's own targets"
            yield ("layouts", place), message


def _taken(policy: Policy) -> Iterator[Finding]:
    """A place of traffic that is bound a second time: the ladder of one would move the other."""
    every: dict[str, list[_Held]] = {}
    moving: dict[str, list[_Held]] = {}
    for name, rule in policy.models.items():
        for stage, target in rule.targets.items():
            for binding in (*target.bindings, *target.traffic):
                moves = binding.role not in VERSION_ROLES
                before = (every if moves else moving).get(binding.file, ())
                other = next((one for one in before if may_meet(one[1], binding)), None)
                if other is not None:
                    whose = f"{other[1].role} of {other[0].model} in {other[0].environment}"
                    yield ("models", name, "targets", stage), f"{binding.file} {binding.at} is {whose} already"
                every.setdefault(binding.file, []).append((target, binding))
                if moves:
                    moving.setdefault(binding.file, []).append((target, binding))


def _target(key: Key, target: Target, rule: StepsRule | None) -> Iterator[Finding]:
    if rule is None:
        if target.traffic:
            role, stage = target.traffic[0].role, target.environment
            yield key, f"role: {role} needs to know how {stage} goes in steps; write steps: {{mode: …}} for it"
        return
    taken = NAMES & {one.name for one in target.declared}
    if taken:
        yield ("models", target.model, "vars", min(taken)), "a name that steps use themselves; take another"
    odd = next((one.role for one in target.traffic if one.role not in NEEDS[rule.mode]), None)
    if odd:
        yield key, f"mode: {rule.mode} has no place with role: {odd}"
    if target.traffic and missing(with_steps(target, rule)):
        yield key, f"mode: {rule.mode} also needs a place with role: {missing(with_steps(target, rule))[0]}"
    if target.blocks:
        yield key, "steps and rollback by block do not go together: the block would bring old percentages back"
