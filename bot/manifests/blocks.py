"""Blocks: the part of a file that a rollback restores whole, as it is written there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.policy.model import Binding, Block
from bot.domain.policy.nodes import MappingNode, Node, SequenceNode
from bot.errors import Refused
from bot.manifests.diff import unified_diff
from bot.manifests.refusals import unreadable
from bot.manifests.select import selector_of
from bot.manifests.source import source
from bot.manifests.spans import block_start, column, comments_end, line_end, line_of, line_start, tail, without_break
from bot.manifests.tree import Tree
from bot.manifests.ways import Way, refuse_repeated, way


@dataclass(frozen=True)
class Part:
    """A block in one text: ``start`` to ``end`` without its last line end. ``column`` is that of its first key or dash
    where it is made of lines, None where it stands between braces or is a scalar; ``lines`` where it begins a line."""

    found: Way
    start: int
    end: int
    column: int | None
    lines: bool


def as_binding(block: Block) -> Binding:
    """The block as what selectors work on."""
    return Binding(block.file, block.doc, block.scope, "", format=block.format)


def block_text(block: Block, content: bytes) -> str:
    """The source of the node at the block's scope, comments in it and the ones below that are as deep included.

    Raises Refused(TARGET_UNREADABLE) where it is not there, or not exactly one.
    """
    tree = source(block.file, block.format, content)
    part = part_of(tree, block)
    return tree.text[part.start : part.end]


def part_of(tree: Tree, block: Block) -> Part:
    """Where the block stands. Raises Refused."""
    found, at = way(tree, as_binding(block)), selector_of(as_binding(block))
    if found.rest:
        raise unreadable(block.file, f"the block {at} is not there", "Mend the file, or the scope in the policy.")
    refuse_repeated(tree, at, found)
    if found.parent is None:
        raise unreadable(block.file, f"{at} is the whole document, not a block of it")
    end = found.end
    if isinstance(end, MappingNode | SequenceNode) and not end.flow:
        return _of_lines(tree.text, found, end)
    return Part(found, end.start, tail(tree.text, end), None, False)


def _of_lines(text: str, found: Way, node: MappingNode | SequenceNode) -> Part:
    """From the line behind the key's, or from the first key behind a dash, to the end of the last line."""
    first, deep = block_start(text, node), column(text, block_start(text, node))
    end = line_end(text, tail(text, node))
    key = _key_of(found)
    if key is None or line_start(text, key.start) == line_start(text, first):
        return Part(found, first, without_break(text, end), deep, False)
    if deep > column(text, key.start):
        end = comments_end(text, end, deep)
    return Part(found, line_end(text, key.end), without_break(text, end), deep, True)


def _key_of(found: Way) -> Node | None:
    pairs = found.parent.items if isinstance(found.parent, MappingNode) else []
    return next((key for key, value in pairs if value is found.end), None)


def line_of_block(tree: Tree, part: Part) -> int:
    """The line that the block begins in, from 1."""
    return line_of(tree.text, part.start)


def foreign_edits(block: Block, steps: Iterable[tuple[bytes | None, bytes | None]]) -> list[str]:
    """What steps of history (content before, content after; None where the file is not there) changed in the block, as
    unified diffs. Where the block cannot be made out the whole file counts, so that nothing is overlooked."""
    return [diff for before, after in steps if before != after and (diff := _diff(block, before, after))]


def _diff(block: Block, before: bytes | None, after: bytes | None) -> str:
    old, new = _shown(block, before), _shown(block, after)
    if old is None or new is None:
        return unified_diff(_as_files(block, before), _as_files(block, after))
    return unified_diff({block.file: old}, {block.file: new})


def _shown(block: Block, content: bytes | None) -> bytes | None:
    try:
        return None if content is None else f"{block_text(block, content)}\n".encode()
    except Refused:
        return None


def _as_files(block: Block, content: bytes | None) -> dict[str, bytes]:
    return {} if content is None else {block.file: content}
