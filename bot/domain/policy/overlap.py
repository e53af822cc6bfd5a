"""Whether two bindings may stand for one value, however their places are spelled. In doubt they may."""

from __future__ import annotations

from itertools import takewhile, zip_longest

from bot.domain.policy.model import Binding, Block, DocSelector, Target
from bot.domain.policy.selectors import Index, Inside, Key, Match, Step, parse_selector

_TREES = frozenset({"yaml", "json"})


def may_meet(one: Binding, other: Binding) -> bool:
    """Whether one edit may change both values: the same place, or a place in the text that the other binds whole.

    Two regular expressions cannot be compared; they count as one place where they are the same text.
    """
    if one.file != other.file or not _docs_meet(one.doc, other.doc):
        return False
    if one.format != other.format and not {one.format, other.format} <= _TREES:
        return True
    if one.format == "regex" or one.at == other.at:
        return one.at == other.at
    pairs = zip_longest(_steps(one.at), _steps(other.at))
    for mine, theirs in pairs:
        if mine is None or theirs is None:
            return isinstance(mine or theirs, Inside)
        if not _steps_meet(mine, theirs):
            return False
    return True


def may_hold(block: Block, binding: Binding) -> bool:
    """Whether the binding's value may stand in the block."""
    if block.file != binding.file or not _docs_meet(block.doc, binding.doc):
        return False
    if binding.format not in _TREES:
        return True
    scope, at = _steps(block.scope), _steps(binding.at)
    return len(scope) <= len(at) and all(map(_steps_meet, scope, at))


def leading_keys(at: str) -> tuple[str, ...]:
    """The names of a selector's keys before its first other step."""
    return tuple(
        step.name for step in takewhile(lambda step: isinstance(step, Key), _steps(at)) if isinstance(step, Key)
    )


def agreed(one: Target, other: Target) -> bool:
    """Whether two targets may have one value: they are of one environment, or each names the other's."""
    if one.environment == other.environment:
        return True
    return one.environment in other.shared_with and other.environment in one.shared_with


def _steps(at: str) -> tuple[Step, ...]:
    """The steps; none where names made the selector longer than one may be, so that it may stand for anything."""
    try:
        return parse_selector(at)
    except ValueError:
        return ()


def _docs_meet(one: DocSelector | None, other: DocSelector | None) -> bool:
    if one is None or other is None:
        return True
    pairs = ((one.kind, other.kind), (one.name, other.name))
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def _steps_meet(one: Step, other: Step) -> bool:
    match one, other:
        case Index(), Match():
            return True
        case Match(), Index():
            return True
        case Match(path, value), Match(path_too, value_too):
            return path != path_too or value == value_too
        case Inside(), Inside():
            return True
        case Key() | Index(), _:
            return one == other
    return False
