"""A key that is not there yet, with its value: written behind its siblings, and proven."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.policy.model import Binding
from bot.domain.policy.nodes import MappingNode, Node, ScalarNode, walk
from bot.domain.policy.selectors import Key, Selector
from bot.manifests.adding import Addition, instead_of_null, into_block, into_empty, into_flow, lines_at
from bot.manifests.refusals import unreadable
from bot.manifests.scalars import is_integer
from bot.manifests.select import query_of, selector_of
from bot.manifests.spans import indent_step, line_of
from bot.manifests.splice import Splice, spliced
from bot.manifests.syntax import JSON
from bot.manifests.tree import Tree
from bot.manifests.ways import Way, exchange, is_null, refuse_repeated, reparsed, same, way


@dataclass(frozen=True)
class Insertion:
    """``line`` counts in the text as it was: the new text stands in it, or behind it."""

    splices: tuple[Splice, ...]
    line: int


def inserted(tree: Tree, binding: Binding, value: str) -> str:
    """The text with the value at the binding's place, and the keys that lead there. Raises Refused where that place
    cannot be made for certain: below text or a list, inside an anchor that is used elsewhere."""
    text = spliced(tree.text, planned(tree, binding, value).splices)
    _prove(tree, binding, value, text)
    return text


def planned(tree: Tree, binding: Binding, value: str) -> Insertion:
    """The same as stretches of the text, before any proof. Raises Refused."""
    before = _before(tree, binding)
    keys = _keys(tree, binding, before.rest if before else query_of(binding).steps)
    if before is None:
        new = Addition(tree.syntax, keys, value, number=number_in(binding, value))
        splices = [lines_at(tree.text, len(tree.text), new.lines(0))]
    else:
        deeper = indent_step(tree.text, before.document)
        new = Addition(tree.syntax, keys, value, deeper, number_in(binding, value))
        splices = _splices(tree, binding, before, new)
    place = splices[0].start
    at_start = place > 0 and tree.text[place - 1] == "\n"
    return Insertion(tuple(splices), max(1, line_of(tree.text, place) - at_start))


def number_in(binding: Binding, value: str) -> bool:
    """Whether the value is put in as a number."""
    return binding.number and is_integer(value)


def type_in(binding: Binding, value: str) -> str:
    """The type that the value has once it was put in."""
    return "int" if number_in(binding, value) else "str"


def _before(tree: Tree, binding: Binding) -> Way | None:
    """As far as the selector leads now; None for a file that holds no document."""
    if not tree.documents and binding.doc is None:
        return None
    before = way(tree, binding)
    refuse_repeated(tree, selector_of(binding), before)
    return before


def _keys(tree: Tree, binding: Binding, rest: Selector) -> tuple[str, ...]:
    keys = tuple(step.name for step in rest if isinstance(step, Key))
    if len(keys) == len(rest):
        return keys
    raise unreadable(
        tree.file,
        f"{selector_of(binding)} is not there, and only keys can be inserted, not list items",
        f"Add the item to {tree.file} by a pull request first.",
    )


def _splices(tree: Tree, binding: Binding, before: Way, new: Addition) -> list[Splice]:
    end, parent, text = before.end, before.parent, tree.text
    if isinstance(end, MappingNode) and new.keys:
        if not end.flow:
            return into_block(text, end, new)
        return into_flow(text, end, new) if end.items or parent else into_empty(text, end, new)
    if isinstance(end, ScalarNode) and is_null(tree, end):
        if isinstance(parent, MappingNode):
            return instead_of_null(text, parent, end, new)
        if parent is None and end.start == end.end and new.keys and new.syntax is not JSON:
            return [lines_at(text, end.start, new.lines(0))]
    raise unreadable(tree.file, f"{selector_of(binding)} cannot be inserted: line {end.line} holds no mapping")


def _prove(tree: Tree, binding: Binding, value: str, text: str) -> None:
    """The value is there and reads as what it is; and without it, the new tree is the old one."""
    new = reparsed(tree, text, f"inserting {selector_of(binding)}")
    after, before = way(new, binding), _before(tree, binding)
    there = not after.rest and isinstance(after.end, ScalarNode)
    type_ = type_in(binding, value)
    typed = isinstance(after.end, ScalarNode) and (after.end.value, new.syntax.type_of(after.end)) == (value, type_)
    if not (there and typed and _taken_out(before, after, new) and same(tree.documents, new.documents)):
        raise unreadable(tree.file, f"inserting {selector_of(binding)} would change more than that")


def _taken_out(before: Way | None, after: Way, new: Tree) -> bool:
    """Undo the insertion in the new tree. False when what was made is more than the keys that lead to the value."""
    if before is None:
        new.documents.remove(after.document)
        return _size(after.nodes[0]) == 2 * len(after.taken) + 1
    here = after.nodes[len(before.nodes) - 1]
    if isinstance(before.end, MappingNode) and isinstance(here, MappingNode):
        made = after.nodes[len(before.nodes)]
        here.items = [pair for pair in here.items if pair[1] is not made]
        here.flow = here.flow if before.end.items else before.end.flow
        return _size(made) == 2 * len(before.rest) - 1
    exchange(after.nodes[len(before.nodes) - 2] if before.parent else None, after.document, here, before.end)
    return _size(here) == 2 * len(before.rest) + 1


def _size(node: Node) -> int:
    return sum(1 for _ in walk(node))
