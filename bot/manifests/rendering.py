"""Forward: the target's files with new values in the bound places, and nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.change import Edit
from bot.domain.policy.model import Binding, Target
from bot.domain.policy.templates import GIVEN, Variable
from bot.errors import Reason, Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.refusals import short, unreadable
from bot.manifests.values import fill, is_range, pieces_of, read_back


@dataclass(frozen=True)
class Rendered:
    """``files`` holds only those that change; ``edits`` is sorted by file, then selector."""

    files: dict[str, bytes] = field(hash=False)
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class _Wanted:
    binding: Binding
    leaf: Leaf
    text: str


def variables_needed(target: Target) -> frozenset[str]:
    """The variables that must be supplied to render the target. Raises Refused for a template that is none."""
    pieces = (piece for binding in target.bindings for piece in pieces_of(binding.template))
    return frozenset(piece.name for piece in pieces if isinstance(piece, Variable)) - GIVEN


def render(target: Target, files: Mapping[str, bytes], variables: Mapping[str, str]) -> Rendered:
    """The edits that make the target say these variables.

    Raises Refused: TARGET_UNREADABLE where the files cannot be edited for certain, NOT_PINNED where a range stands
    (Git does not say what runs), INVALID_NAME for a value that could not be read back.
    """
    opened = OpenTarget(target, files)
    wanted: dict[tuple[str, str], _Wanted] = {}
    for binding in target.bindings:
        one = _Wanted(binding, opened.leaf(binding), fill(binding.template, {**variables, **opened.given}))
        _refuse_range(one.leaf)
        _refuse_unless_it_reads_back(one, variables, opened.given)
        before = wanted.setdefault((one.leaf.file, one.leaf.at), one)
        if before.text != one.text:
            raise unreadable(one.leaf.file, f"{one.leaf.at} is bound twice, to {before.text} and to {one.text}")
    return _edited(opened, [one for one in wanted.values() if one.leaf.scalar.text != one.text])


def _refuse_range(leaf: Leaf) -> None:
    if is_range(leaf.scalar.text):
        raise Refused(
            Reason.NOT_PINNED,
            f"{leaf.file}:{leaf.line} holds {short(leaf.scalar.text)}, a range, which does not say what runs.",
            "Pin a version there by a pull request first.",
        )


def _refuse_unless_it_reads_back(one: _Wanted, variables: Mapping[str, str], given: Mapping[str, str]) -> None:
    found = read_back(one.binding.template, one.text, given)
    if found is None or any(variables[name] != value for name, value in found.items()):
        raise unreadable(one.leaf.file, f"{short(one.text)} at {one.leaf.at} would not be read back as a version")


def _edited(opened: OpenTarget, wanted: list[_Wanted]) -> Rendered:
    files: dict[str, bytes] = {}
    edits: list[Edit] = []
    for file in dict.fromkeys(one.leaf.file for one in wanted):
        mine = [one for one in wanted if one.leaf.file == file]
        edited = opened.file(mine[0].binding).edited({one.leaf.at: one.text for one in mine})
        files[file] = edited.content
        leaves = [one.leaf for one in mine]
        edits += [Edit(file, leaf.at, leaf.scalar, edited.scalars[leaf.at], leaf.line) for leaf in leaves]
    return Rendered(files, tuple(sorted(edits)))
