"""Backward: which version the target pins. Never a guess, and never an exception."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.policy.model import Binding, Target
from bot.errors import Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.presence import leaf_if_there
from bot.manifests.refusals import short
from bot.manifests.values import is_range, read_back

State = Literal["pinned", "mixed", "not_pinned", "inherited", "unreadable"]


@dataclass(frozen=True)
class Reading:
    """What a target's files say. ``raw`` is the first primary value; ``version`` None where only ids are written.

    ``inherits`` names the environment whose version holds where the state is `inherited`; ``line`` is 0 where no value
    is written.
    """

    state: State
    version: str | None
    variables: dict[str, str] = field(hash=False)
    raw: str | None
    file: str
    line: int
    message: str | None
    inherits: str | None = None


@dataclass(frozen=True)
class _Seen:
    leaf: Leaf
    binding: Binding
    variables: dict[str, str] | None


def read(target: Target, files: Mapping[str, bytes]) -> Reading:
    """The version and variables that all files of a target agree on. What is absent makes it unreadable, unless the
    policy says what holds then (when_absent); companions may be absent then while the version is there."""
    opened = OpenTarget(target, files)
    seen, absent = list[_Seen](), list[Binding]()
    for binding in _primary_first(target.bindings):
        try:
            leaf = leaf_if_there(opened, binding)
            if leaf is None:
                absent.append(binding)
            else:
                found = read_back(binding.template, leaf.scalar.text, opened.given, target.declared)
                seen.append(_Seen(leaf, binding, found if leaf.certain else None))
        except Refused as refused:
            return Reading("unreadable", None, {}, None, binding.file, 0, refused.message)
    return _judged(seen, absent)


def _primary_first(bindings: Iterable[Binding]) -> list[Binding]:
    return sorted(bindings, key=_is_companion)


def _is_companion(binding: Binding) -> bool:
    return binding.role != "primary"


def _judged(seen: Sequence[_Seen], absent: Sequence[Binding]) -> Reading:
    missing = [binding for binding in absent if not _is_companion(binding)]
    primary = [one for one in seen if not _is_companion(one.binding)]
    if missing and not primary:
        return _nowhere(missing)
    if missing:
        there, place = primary[0], missing[0]
        message = f"{_where(there)} holds {short(there.leaf.scalar.text)}, {place.file} holds nothing at {place.at}"
        return _reading("mixed", there, {}, message)
    return _agreed(seen) if seen else Reading("unreadable", None, {}, None, "", 0, "the target binds nothing")


def _nowhere(missing: Sequence[Binding]) -> Reading:
    """No primary value is written anywhere."""
    above = next((binding.inherits for binding in missing if binding.inherits), None)
    message = f"{missing[0].file} holds nothing at {missing[0].at}"
    if above:
        return Reading("inherited", None, {}, None, missing[0].file, 0, f"{message}: {above} says it", above)
    return Reading("not_pinned", None, {}, None, missing[0].file, 0, message)


def _agreed(seen: Sequence[_Seen]) -> Reading:
    first = seen[0]
    if all(one.variables is None for one in seen if not _is_companion(one.binding)):
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
    if not one.leaf.certain:
        return "to some readers it is not the text that is written; put it in quotes"
    return f"it does not match {one.binding.template}"


def _where(one: _Seen) -> str:
    return f"{one.leaf.file}:{one.leaf.line}"
