"""Blocks that a rollback restores whole: nothing of another environment or model may stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding, Block, Target
from bot.domain.policy.policy import Policy
from bot.domain.policy.selectors import parse_selector

Finding = tuple[Key, str]


def check_blocks(policy: Policy) -> Iterator[Finding]:
    """Blocks of the layouts and of models' own targets, beside all that the same layout or model binds."""
    stages = [environment.name for environment in policy.environments]
    for place, layout in enumerate(policy.layouts):
        if layout.blocks:
            made = [layout.target(model, stage) for model in ("one model", "another") for stage in stages]
            yield from _found(("layouts", place, "rollback", "scope"), made[: len(stages)], made)
    for name, model in policy.models.items():
        targets = list(model.targets.values())
        for stage, target in model.targets.items():
            yield from _found(("models", name, "targets", stage), [target], targets)


def _found(key: Key, restored: Sequence[Target], others: Sequence[Target]) -> Iterator[Finding]:
    """At most one finding."""
    for target in restored:
        for other in others:
            block = next((one for one in target.blocks if _holds(one, target, other)), None)
            if block is not None:
                whose = f"{other.model} in {other.environment}"
                yield key, f"{block.file} {block.scope} holds a value of {whose} too, which a rollback would restore"
                return


def _holds(block: Block, target: Target, other: Target) -> bool:
    same = target.model == other.model
    if same and (target.environment == other.environment or other.environment in target.shared_with):
        return False
    return any(_inside(binding, block) for binding in other.bindings)


def _inside(binding: Binding, block: Block) -> bool:
    if (binding.file, binding.doc, binding.format) != (block.file, block.doc, block.format):
        return False
    scope = parse_selector(block.scope)
    return parse_selector(binding.at)[: len(scope)] == scope
