"""Which models of the registry the bot looks at, by the policy and by what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.domain.policy import Policy, ProposeRule
from bot.domain.registry_events import is_for, number
from bot.usecases.context import Context
from bot.usecases.fleet import FleetView


def concerned(ctx: Context, policy: Policy, view: FleetView) -> list[str]:
    """Names in the registry, sorted: of models that a rule, an alias of an environment or an open change is about."""
    told = {stage.name for stage in policy.environments if stage.healthy_alias}
    found = {model for model, environment in view.placed if environment in told}
    found |= {model for rule in policy.propose for model in ruled(policy, view, rule)}
    for change in ctx.changes.all_open():
        found |= {change.intent.model, *(move.model for move in change.moves)}
    return sorted({policy.registered_name(model) for model in found if model})


def watched(ctx: Context, policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """By name in the registry: the versions that open changes are about, whatever their age. What is logged of them
    later, and their tags, are news for the gates of those changes."""
    found: dict[str, set[str]] = defaultdict(set)
    for change in ctx.changes.all_open():
        intent = change.intent
        moves = [(intent.model, intent.frm, intent.to), *((move.model, move.frm, move.to) for move in change.moves)]
        for model, frm, to in moves:
            found[policy.registered_name(model)] |= {version for version in (frm, to) if version and number(version)}
    return {name: tuple(sorted(versions, key=number)) for name, versions in found.items()}


def ruled(policy: Policy, view: FleetView, rule: ProposeRule) -> Iterator[str]:
    """The models that a rule is about: those that its patterns name and that have a target where it goes to."""
    stages = [stage.name for stage in policy.stages(rule.to)]
    for model in view.models:
        if is_for(rule, model) and any((model, stage) in view.placed for stage in stages):
            yield model


def called(policy: Policy, view: FleetView, registered: str) -> tuple[str, ...]:
    """The policy's models that have this name in the registry: mostly one."""
    return tuple(model for model in view.models if policy.registered_name(model) == registered)
