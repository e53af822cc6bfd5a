"""Ladders of steps: environments that are there, places that their mode knows, names that are free."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.model import StepsRule, Target
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.stepping import NAMES, NEEDS, missing, with_steps

Finding = tuple[Key, str]


def check_steps(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """What is wrong beyond the shape of each key."""
    known = {stage.name for stage in policy.environments} | set(file.environments)
    for name, rule in file.models.items():
        for stage in rule.steps:
            if stage not in known:
                yield ("models", name, "steps", stage), no_environment(stage, dict.fromkeys(sorted(known)))
        for stage, target in policy.model(name).targets.items():
            yield from _target(("models", name, "targets", stage), target, policy.steps_for(name, stage))
    for place, entry in enumerate(file.layouts):
        if any(one.role not in ("primary", "companion") for one in entry.set):
            message = "candidate, percent, rest and switch stand in a model's own targets"
            yield ("layouts", place), message


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
