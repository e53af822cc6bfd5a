"""Forward: the target's files with new values in the bound places, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.change import Edit, Scalar
from bot.domain.policy.model import Binding, Target
from bot.domain.policy.templates import GIVEN, Variable
from bot.errors import Reason, Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.inserting import inserted, planned, type_in
from bot.manifests.leaf import Leaf
from bot.manifests.presence import leaf_if_there
from bot.manifests.refusals import short, unreadable
from bot.manifests.select import selector_of
from bot.manifests.source import source
from bot.manifests.values import fill, is_range, pieces_of, read_back

ABSENT = Scalar("absent", "")


@dataclass(frozen=True)
class Rendered:
    """``files`` holds only those that change; ``edits`` is sorted by file, then selector."""

    files: dict[str, bytes] = field(hash=False)
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class _Wanted:
    """What a place is to hold; ``leaf`` None where nothing is there."""

    binding: Binding
    at: str
    leaf: Leaf | None
    text: str

    @property
    def stands(self) -> bool:
        return self.leaf is not None and self.leaf.certain and self.leaf.scalar.text == self.text


def variables_needed(target: Target) -> frozenset[str]:
    """The variables that must be supplied to render the target. Raises Refused for a template that is none."""
    pieces = (piece for binding in target.bindings for piece in pieces_of(binding.template, target.declared))
    return frozenset(piece.name for piece in pieces if isinstance(piece, Variable)) - GIVEN


def render(target: Target, files: Mapping[str, bytes], variables: Mapping[str, str]) -> Rendered:
    """The edits that make the target say these variables; what is absent is inserted where the policy allows it.

    Raises Refused: TARGET_UNREADABLE where the files cannot be edited for certain, NOT_PINNED where a range stands
    (Git does not say what runs), INVALID_NAME for a value that could not be read back.
    """
    opened = OpenTarget(target, files)
    wanted: dict[tuple[str, str], _Wanted] = {}
    for binding in target.bindings:
        one = _wanted(opened, binding, files, variables)
        before = wanted.setdefault((binding.file, one.at), one)
        if before.text != one.text:
            raise unreadable(binding.file, f"{one.at} is bound twice, to {before.text} and to {one.text}")
    changed: dict[str, list[_Wanted]] = {}
    for one in wanted.values():
        if not one.stands:
            changed.setdefault(one.binding.file, []).append(one)
    done = _edited(opened, changed, files)
    if done.files:
        _refuse_lost(OpenTarget(target, {**files, **done.files}), wanted.values())
    return done


def _refuse_lost(after: OpenTarget, wanted: Iterable[_Wanted]) -> None:
    """Each place must still be where its selector leads: one that goes by a value (`[tag=41].tag`, a document's name)
    may lead elsewhere once a value has changed."""
    for one in wanted:
        try:
            there = after.leaf(one.binding)
        except Refused as refused:
            raise unreadable(one.binding.file, f"after the edit {one.at} would be lost: {refused.message}") from None
        if (there.scalar.text, there.certain) != (one.text, True):
            raise unreadable(one.binding.file, f"after the edit {one.at} would hold {short(there.scalar.text)}")


def _wanted(opened: OpenTarget, binding: Binding, files: Mapping[str, bytes], variables: Mapping[str, str]) -> _Wanted:
    target, leaf = opened.target, leaf_if_there(opened, binding)
    if leaf is None and binding.file not in files:
        raise unreadable(binding.file, "is not in the deployment repo", "Create it by a pull request first.")
    text = fill(binding.template, {**variables, **opened.given}, target.declared)
    one = _Wanted(binding, leaf.at if leaf else selector_of(binding), leaf, text)
    _refuse_range(leaf)
    found = read_back(binding.template, text, opened.given, target.declared)
    if found is None or any(variables[name] != value for name, value in found.items()):
        raise unreadable(binding.file, f"{short(text)} at {one.at} would not be read back as a version")
    return one


def _refuse_range(leaf: Leaf | None) -> None:
    if leaf and is_range(leaf.scalar.text):
        raise Refused(
            Reason.NOT_PINNED,
            f"{leaf.file}:{leaf.line} holds {short(leaf.scalar.text)}, a range, which does not say what runs.",
            "Pin a version there by a pull request first.",
        )


def _edited(opened: OpenTarget, changed: Mapping[str, list[_Wanted]], files: Mapping[str, bytes]) -> Rendered:
    content: dict[str, bytes] = {}
    edits: list[Edit] = []
    for file, mine in changed.items():
        if len({one.binding.format for one in mine}) > 1:
            raise unreadable(file, "is bound in two formats at once")
        content[file], more = _replaced(opened, mine, files[file])
        content[file], new = _inserted(mine, files[file], content[file])
        edits += [*more, *new]
    return Rendered(content, tuple(sorted(edits)))


def _replaced(opened: OpenTarget, mine: list[_Wanted], before: bytes) -> tuple[bytes, list[Edit]]:
    there = [(one.leaf, one.text) for one in mine if one.leaf]
    if not there:
        return before, []
    edited = opened.file(mine[0].binding).edited({leaf.at: text for leaf, text in there})
    edits = [Edit(leaf.file, leaf.at, leaf.scalar, edited.scalars[leaf.at], leaf.line) for leaf, _ in there]
    return edited.content, edits


def _inserted(mine: list[_Wanted], before: bytes, content: bytes) -> tuple[bytes, list[Edit]]:
    """What is absent, each behind the one before; lines count in the file as it was."""
    new = [one for one in mine if one.leaf is None]
    if not new:
        return content, []
    file, format_ = new[0].binding.file, new[0].binding.format
    then = now = source(file, format_, before)
    if content != before:
        now = source(file, format_, content)
    edits: list[Edit] = []
    for place, one in enumerate(new):
        if place:
            now = source(file, format_, content)
        line = planned(then, one.binding, one.text).line
        content = now.encoded(inserted(now, one.binding, one.text))
        edits.append(Edit(file, one.at, ABSENT, Scalar(type_in(one.binding, one.text), one.text), line))
    return content, edits
