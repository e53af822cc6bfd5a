"""A rollback in blocks: parts of files as they were at another commit, and the bound values around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.change import Edit, Scalar
from bot.domain.policy.model import Binding, Block, Target
from bot.domain.policy.nodes import AliasNode, ScalarNode, walk
from bot.errors import Refused
from bot.manifests.blocks import Part, as_binding, line_of_block, part_of
from bot.manifests.refusals import short, unreadable
from bot.manifests.rendering import Rendered, render
from bot.manifests.select import query_of, selector_of
from bot.manifests.source import source
from bot.manifests.splice import Splice, spliced
from bot.manifests.tree import Tree
from bot.manifests.tree_file import TreeFile
from bot.manifests.ways import along, exchange, reparsed, same, same_nodes, within

_BY_VERSION = "Name the version (`--to VERSION`): that puts back the bound values and leaves the rest."


@dataclass(frozen=True)
class _Pair:
    """A block as it is and as it was."""

    block: Block
    now: TreeFile
    then: TreeFile


def restore(
    target: Target, now: Mapping[str, bytes], then: Mapping[str, bytes], variables: Mapping[str, str]
) -> Rendered:
    """Today's files with the target's blocks as they were ``then``, and the variables in what is bound outside of them.

    Raises Refused(TARGET_UNREADABLE) where a block is not there, stands in another shape or indentation now, or would
    not say these variables; and whatever `render` raises.
    """
    pairs = [_pair(block, now, then) for block in target.blocks]
    outside = tuple(binding for binding in target.bindings if not any(_holds(pair, binding) for pair in pairs))
    around = render(replace(target, bindings=outside), now, variables)
    files, edits = dict(around.files), list(around.edits)
    for pair in pairs:
        edit = _edit(pair)
        if edit is not None:
            files[edit.file] = _restored(pair, files.get(edit.file))
            edits.append(edit)
    _refuse_other_values(target, {**now, **files}, variables)
    return Rendered(files, tuple(sorted(edits)))


def _pair(block: Block, now: Mapping[str, bytes], then: Mapping[str, bytes]) -> _Pair:
    if block.file not in now or block.file not in then:
        raise unreadable(block.file, "is not in the deployment repo at both commits", _BY_VERSION)
    return _Pair(block, *(source(block.file, block.format, files[block.file]) for files in (now, then)))


def _holds(pair: _Pair, binding: Binding) -> bool:
    if (binding.file, binding.format) != (pair.block.file, pair.block.format):
        return False
    node = part_of(pair.now, pair.block).found.end
    return any(one is node for one in along(pair.now, query_of(binding).split()[0]).nodes)


def _edit(pair: _Pair) -> Edit | None:
    part, past = part_of(pair.now, pair.block), part_of(pair.then, pair.block)
    old, new = pair.now.text[part.start : part.end], pair.then.text[past.start : past.end]
    if old == new:
        _refuse_other_properties(pair.block, part, past)
        return None
    at = selector_of(as_binding(pair.block))
    return Edit(pair.block.file, at, Scalar("block", old), Scalar("block", new), line_of_block(pair.now, part))


def _refuse_other_properties(block: Block, part: Part, past: Part) -> None:
    """A tag or an anchor stands on the key's line, which is not the block's."""
    if not same_nodes([part.found.end], [past.found.end]):
        raise unreadable(block.file, f"{block.scope} has another tag or anchor now", _BY_VERSION)


def _restored(pair: _Pair, edited: bytes | None) -> bytes:
    """The file (where it was ``edited`` already: that) with the block's bytes of then."""
    block, there = pair.block, pair.then
    here = pair.now if edited is None else source(block.file, block.format, edited)
    part, past = part_of(here, block), part_of(there, block)
    if (part.column, part.lines) != (past.column, past.lines):
        raise unreadable(block.file, f"{block.scope} is indented or written in another way now", _BY_VERSION)
    text = spliced(here.text, [Splice(part.start, part.end, there.text[past.start : past.end])])
    _prove(block, here, text, past)
    return here.encoded(text)


def _prove(block: Block, here: Tree, text: str, past: Part) -> None:
    """The block says what it said then, everything else what it says now, and no alias reaches into it."""
    old, new = (reparsed(here, one, f"restoring {block.scope}") for one in (here.text, text))
    before, after = part_of(old, block), part_of(new, block)
    held = same_nodes(list(walk(past.found.end)), list(walk(after.found.end))) and _same_targets(past, after)
    reached = _reached(before) or _reached(after)
    for part in (before, after):
        blank = ScalarNode(0, 0, 0, None, None, "", "")
        exchange(part.found.parent, part.found.document, part.found.end, blank)
    if reached or not held or not same(old.documents, new.documents):
        raise unreadable(block.file, f"restoring {block.scope} would change more than it", _BY_VERSION)


def _reached(part: Part) -> bool:
    """Whether an alias outside of the block names something in it."""
    inside = within(part.found.end)
    aliases = (node for node in walk(part.found.document.root) if isinstance(node, AliasNode))
    return any(id(alias) not in inside and id(alias.target) in inside for alias in aliases)


def _same_targets(past: Part, after: Part) -> bool:
    """Whether the aliases in the block stand for the same as they did."""
    then, now = ([n.target for n in walk(part.found.end) if isinstance(n, AliasNode)] for part in (past, after))
    pairs = {(id(old), id(new)): (old, new) for old, new in zip(then, now, strict=True)}
    return all(same_nodes(list(walk(old)), list(walk(new))) for old, new in pairs.values())


def _refuse_other_values(target: Target, files: Mapping[str, bytes], variables: Mapping[str, str]) -> None:
    try:
        wrong = render(target, files, variables).edits
    except Refused as refused:
        told = f"With the block as it was then, {refused.message}"
        raise Refused(refused.reason, told, _BY_VERSION) from None
    if wrong:
        told = f"with the block as it was, {wrong[0].selector} would hold {short(wrong[0].old.text)}"
        raise unreadable(wrong[0].file, f"{told}, not {wrong[0].new.text}", _BY_VERSION)
