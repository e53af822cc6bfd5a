"""Layouts against each other and against themselves: no file's value may be two environments' by accident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.domain.policy.layouts import Layout, pattern_of
from bot.domain.policy.load import Key
from bot.domain.policy.model import Binding, Target
from bot.domain.policy.overlap import agreed, may_meet
from bot.domain.policy.policy import Policy

Finding = tuple[Key, str]
# Values are compared in pairs: as many in all environments together, and in one file.
MAX_VALUES = 10_000
MAX_IN_FILE = 500
_MODEL = "model"


def check_layouts(policy: Policy) -> Iterator[Finding]:
    """At most one finding for each layout."""
    stages = [environment.name for environment in policy.environments]
    if sum(len(layout.bindings) for layout in policy.layouts) * len(stages) > MAX_VALUES:
        yield ("layouts",), f"more than {MAX_VALUES} values in all layouts and environments together"
        return
    for place, layout in enumerate(policy.layouts):
        fault = _two_ways(layout, stages)
        if fault:
            yield ("layouts", place), fault
    yield from _shared(policy, stages)


def _two_ways(layout: Layout, stages: Sequence[str]) -> str:
    """With environments eu and eu-west, `{environment}-{model}` says eu-west-x of two models: x and west-x."""
    for one, other in combinations(sorted(stages), 2):
        near = other.startswith(one) or other.endswith(one) or one.endswith(other)
        if near and any(
            _reads_as(mine, one, theirs, other) or _reads_as(theirs, other, mine, one)
            for mine, theirs in _pairs(layout, one, other)
        ):
            return f"{one} of one model and {other} of another may be one value; put a / between the two names"
    return ""


def _pairs(layout: Layout, one: str, other: str) -> Iterator[tuple[Binding, Binding]]:
    """The layout's bindings as they are in each of the two environments, if it is for both."""
    mine, theirs = layout.within(one), layout.within(other)
    if mine is not None and theirs is not None:
        yield from zip(mine.bindings, theirs.bindings, strict=True)


def _reads_as(binding: Binding, stage: str, theirs: Binding, other: str) -> bool:
    """Whether a value of the other environment may be this one's of a model whose name is longer."""
    text = _pattern(theirs).replace("{environment}", other).replace("{model}", _MODEL)
    hit = pattern_of(_pattern(binding), stage).fullmatch(text)
    return hit is not None and hit.re.groups > 0 and hit["model"] != _MODEL


def _pattern(binding: Binding) -> str:
    doc = binding.doc
    return "/".join((binding.file, (doc and doc.kind) or "", (doc and doc.name) or "", binding.at))


def _shared(policy: Policy, stages: Sequence[str]) -> Iterator[Finding]:
    """A value that one layout gives to an environment, and another layout to another environment."""
    holders: dict[str, list[tuple[int, Target, Binding]]] = {}
    for place, layout in enumerate(policy.layouts):
        made = [(place, target, binding) for target in _made(layout, stages) for binding in target.bindings]
        clash = next((hit for one in made if (hit := _clash(holders.get(one[2].file, []), one))), None)
        if clash is not None:
            yield ("layouts", place), clash
        for one in made:
            holders.setdefault(one[2].file, []).append(one)
        if any(len(held) > MAX_IN_FILE for held in holders.values()):
            yield ("layouts", place), f"more than {MAX_IN_FILE} values in one file"
            return


def _made(layout: Layout, stages: Sequence[str]) -> list[Target]:
    return [layout.target(_MODEL, stage) for stage in stages if layout.within(stage) is not None]


def _clash(before: Sequence[tuple[int, Target, Binding]], one: tuple[int, Target, Binding]) -> str:
    _, target, binding = one
    for place, other, also in before:
        if not agreed(target, other) and may_meet(binding, also):
            stands = f"{binding.file} {binding.at} is {target.environment} here, and {other.environment} in"
            return f"{stands} layouts[{place}]; bind another value, or name the environments in shared_with of both"
    return ""
