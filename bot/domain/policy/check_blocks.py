"""Blocks that a rollback restores whole: nothing of another environment or model may stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.policy.load import Key
from bot.domain.policy.model import Block, Target
from bot.domain.policy.overlap import leading_keys, may_hold
from bot.domain.policy.policy import Policy

Finding = tuple[Key, str]
# Blocks are compared with all that may stand in them.
MAX_BLOCKS = 20
_TOO_MANY = f"more than {MAX_BLOCKS} blocks of one target"


def check_blocks(policy: Policy) -> Iterator[Finding]:
    """Blocks of the layouts beside all that the same layout binds, and blocks of models' own targets beside all that
    any model or layout binds."""
    stages = [environment.name for environment in policy.environments]
    for place, layout in enumerate(policy.layouts):
        if len(layout.blocks) > MAX_BLOCKS:
            yield ("layouts", place), _TOO_MANY
        elif layout.blocks:
            here = [stage for stage in stages if layout.within(stage) is not None]
            made = [layout.target(model, stage) for model in ("one model", "another") for stage in here]
            yield from _found(("layouts", place, "rollback", "scope"), made[: len(here)], made)
    bound = _Bound(target for model in policy.models.values() for target in model.targets.values())
    for name, model in policy.models.items():
        for stage, target in model.targets.items():
            key: Key = ("models", name, "targets", stage)
            if len(target.blocks) > MAX_BLOCKS:
                yield key, _TOO_MANY
            elif target.blocks:
                near = {id(other): other for block in target.blocks for other in bound.near(block)}
                yield from _found(key, [target], [*near.values(), *_laid_out(policy, target, stages)])


def _laid_out(policy: Policy, target: Target, stages: Sequence[str]) -> list[Target]:
    """What layouts bind in the target's blocks' files, of the model itself (where it has no target of its own) and of
    any other."""
    files, own = {block.file for block in target.blocks}, policy.model(target.model).targets
    pairs = [(model, stage) for model in (target.model, "another") for stage in stages]
    return [
        layout.target(model, stage)
        for layout in policy.layouts
        for model, stage in pairs
        if layout.reaches(files, model, stage) and not (model == target.model and stage in own)
    ]


class _Bound:
    """Targets by the files and the first keys of what they bind, so that a fleet in one file is not compared in
    pairs."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._by_file: dict[str, list[Target]] = {}
        self._by_keys: dict[tuple[str, int], dict[tuple[str, ...], list[Target]]] = {}
        for target in targets:
            for file in dict.fromkeys(binding.file for binding in target.bindings):
                self._by_file.setdefault(file, []).append(target)

    def near(self, block: Block) -> list[Target]:
        """Those that may bind something in the block."""
        keys = leading_keys(block.scope)
        index = self._by_keys.setdefault((block.file, len(keys)), {})
        if not index:
            for target in self._by_file.get(block.file, []):
                for start in {_start(binding.at, binding.format, len(keys)) for binding in target.bindings}:
                    index.setdefault(start, []).append(target)
        return [*index.get(keys, []), *(index.get((), []) if keys else [])]


def _start(at: str, format_: str, length: int) -> tuple[str, ...]:
    """The first keys of a place; empty where it has fewer, for then it may be anywhere."""
    keys = leading_keys(at)[:length] if format_ in ("yaml", "json") else ()
    return keys if len(keys) == length else ()


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
    return any(may_hold(block, binding) for binding in other.bindings)
