"""Backward: which version the target pins. Never a guess, and never an exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.policy.model import Binding, Target
from bot.errors import Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.refusals import short
from bot.manifests.values import is_range, read_back

State = Literal["pinned", "mixed", "not_pinned", "unreadable"]


@dataclass(frozen=True)
class Reading:
    """What a target's files say. ``raw`` is the first primary value; ``version`` None where only ids are written."""

    state: State
    version: str | None
    variables: dict[str, str] = field(hash=False)
    raw: str | None
    file: str
    line: int
    message: str | None


@dataclass(frozen=True)
class _Seen:
    leaf: Leaf
    binding: Binding
    variables: dict[str, str] | None


def read(target: Target, files: Mapping[str, bytes]) -> Reading:
    """The version and variables that all files of a target agree on. A file that is missing makes it unreadable."""
    opened = OpenTarget(target, files)
    seen: list[_Seen] = []
    for binding in sorted(target.bindings, key=lambda b: b.role != "primary"):
        try:
            leaf = opened.leaf(binding)
            seen.append(_Seen(leaf, binding, read_back(binding.template, leaf.scalar.text, opened.given)))
        except Refused as refused:
            return Reading("unreadable", None, {}, None, binding.file, 0, refused.message)
    return _agreed(seen) if seen else Reading("unreadable", None, {}, None, "", 0, "the target binds nothing")


def _agreed(seen: Sequence[_Seen]) -> Reading:
    first = seen[0]
    if all(one.variables is None for one in seen if one.binding.role == "primary"):
        return _reading("not_pinned", first, {}, _why_not(first))
    variables: dict[str, str] = {}
    origin: dict[str, _Seen] = {}
    for one in seen:
        if one.variables is None:
            return _reading("mixed", first, {}, f"{_where(one)} holds {short(one.leaf.scalar.text)}: {_why_not(one)}")
        for name, value in one.variables.items():
            if variables.setdefault(name, value) != value:
                other = f"{_where(origin[name])} says {name} {variables[name]}"
                return _reading("mixed", first, {}, f"{other}, {_where(one)} says {short(value)}")
            origin.setdefault(name, one)
    return _reading("pinned", first, variables, None)


def _reading(state: State, first: _Seen, variables: dict[str, str], message: str | None) -> Reading:
    leaf = first.leaf
    return Reading(state, variables.get("version"), variables, leaf.scalar.text, leaf.file, leaf.line, message)


def _why_not(one: _Seen) -> str:
    if is_range(one.leaf.scalar.text):
        return "it is a range, which does not say what runs"
    return f"it does not match {one.binding.template}"


def _where(one: _Seen) -> str:
    return f"{one.leaf.file}:{one.leaf.line}"
