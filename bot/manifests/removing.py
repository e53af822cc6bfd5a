"""A key and its value, taken out with the lines that they fill, and proven."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.policy.model import Binding
from bot.domain.policy.nodes import MappingNode, Node, walk
from bot.manifests.refusals import unreadable
from bot.manifests.select import selector_of
from bot.manifests.spans import line_end, line_start, tail, without_break
from bot.manifests.splice import Splice, spliced
from bot.manifests.tree import Tree
from bot.manifests.ways import Way, refuse_repeated, reparsed, same, way

_COMMA = re.compile(r"\s*,")
_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)


@dataclass(frozen=True)
class _Pair:
    """What is taken out of ``mapping``; ``last`` where nothing of the document is left."""

    mapping: MappingNode
    place: int
    last: bool

    @property
    def key(self) -> Node:
        return self.mapping.items[self.place][0]

    @property
    def value(self) -> Node:
        return self.mapping.items[self.place][1]


def removed(tree: Tree, binding: Binding) -> str:
    """The text without the binding's key, and without the mappings that held nothing else. Raises Refused."""
    splices = _splices(tree, binding, _pair(tree, binding))
    text = spliced(tree.text, splices)
    old = Tree(tree.file, tree.text, tree.syntax)
    pair = _pair(old, binding)
    del pair.mapping.items[pair.place]
    pair.mapping.flow = pair.mapping.flow or pair.last
    what = f"taking {selector_of(binding)} out"
    if not same(old.documents, reparsed(tree, text, what).documents):
        raise unreadable(tree.file, f"{what} would change more than that")
    return text


def _pair(tree: Tree, binding: Binding) -> _Pair:
    """The pair to take out: the binding's own, or the outermost that holds nothing else."""
    found, at = way(tree, binding), selector_of(binding)
    if found.rest:
        raise unreadable(tree.file, f"{at} is not there")
    refuse_repeated(tree, at, found)
    depth = len(found.nodes) - 1
    while depth > 1 and _alone(found.nodes[depth - 1]):
        depth -= 1
    mapping = found.nodes[depth - 1] if depth else None
    if not isinstance(mapping, MappingNode):
        raise unreadable(
            tree.file, f"{at} is a list item, or all that one holds; only keys are taken out", _by_hand(tree)
        )
    place = next(i for i, (_, value) in enumerate(mapping.items) if value is found.nodes[depth])
    pair = _Pair(mapping, place, depth == 1 and len(mapping.items) == 1)
    _refuse_used_elsewhere(tree, found, pair)
    return pair


def _alone(node: Node) -> bool:
    return isinstance(node, MappingNode) and len(node.items) == 1


def _refuse_used_elsewhere(tree: Tree, found: Way, pair: _Pair) -> None:
    for node in (*walk(pair.key), *walk(pair.value)):
        if id(node) in found.document.aliased:
            raise unreadable(tree.file, f"line {node.line} holds the anchor &{node.anchor}, which is used elsewhere")


def _splices(tree: Tree, binding: Binding, pair: _Pair) -> list[Splice]:
    text, mapping = tree.text, pair.mapping
    if mapping.flow:
        return _of_flow(text, pair)
    start, end = line_start(text, pair.key.start), line_end(text, tail(text, pair.value))
    if pair.last:
        return [Splice(pair.key.start, without_break(text, end), "{}")]
    if text[start : pair.key.start].strip(" ") == "":
        if text[end - 1] != "\n":
            start = without_break(text, start)
        return [Splice(start, end, "")]
    return [_first_of_item(tree, binding, pair, end)]


def _first_of_item(tree: Tree, binding: Binding, pair: _Pair, end: int) -> Splice:
    """The key behind a dash: the next one moves up to it."""
    following = pair.mapping.items[pair.place + 1 : pair.place + 2]
    if not following or pair.place or tree.text[end : following[0][0].start].strip():
        raise unreadable(tree.file, f"{selector_of(binding)} cannot be taken out of its line", _by_hand(tree))
    return Splice(pair.key.start, following[0][0].start, "")


def _of_flow(text: str, pair: _Pair) -> list[Splice]:
    """One pair between braces, and one comma."""
    start, end, items = pair.key.start, pair.value.end, pair.mapping.items
    following = items[pair.place + 1 : pair.place + 2]
    if pair.last:
        return [Splice(text.rfind("{", pair.mapping.start, start) + 1, pair.mapping.end - 1, "")]
    rest = _REST_OF_LINE.match(text, end)
    if rest and (rest["comma"] or not following) and not text[line_start(text, start) : start].strip():
        line = Splice(line_start(text, start), line_end(text, end), "")
        return [line] if rest["comma"] else [*_comma_before(text, pair), line]
    if following:
        return [Splice(start, following[0][0].start, "")]
    return [Splice(items[pair.place - 1][1].end, end, "")]


def _comma_before(text: str, pair: _Pair) -> list[Splice]:
    hit = _COMMA.match(text, pair.mapping.items[pair.place - 1][1].end, pair.key.start)
    return [Splice(hit.end() - 1, hit.end(), "")] if hit else []


def _by_hand(tree: Tree) -> str:
    return f"Take it out of {tree.file} by a pull request."
