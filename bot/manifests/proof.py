"""The proof of an edit: of two trees of nodes, which parts are the same and which are as they were meant to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.policy.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode, walk


@dataclass(frozen=True)
class Meant:
    """What a scalar should be after the edit; ``style`` None where its quotes may change, ``gap`` what is written
    before it where nothing stood."""

    value: str
    type: str
    style: str | None = None
    gap: str = ""


def flat(documents: Iterable[Document]) -> list[Node]:
    """All nodes in the order of the text."""
    return [node for document in documents for node in walk(document.root)]


def alike(old: Node, new: Node) -> bool:
    """Whether two nodes are the same but for their place: kind, anchor, tag, size, and a scalar's value and quotes."""
    if (type(old), old.anchor, old.tag) != (type(new), new.anchor, new.tag):
        return False
    if isinstance(old, ScalarNode) and isinstance(new, ScalarNode):
        return (old.value, old.style) == (new.value, new.style)
    return _shape(old) == _shape(new)


def _shape(node: Node) -> tuple[bool, int]:
    return (node.flow, len(node.items)) if isinstance(node, MappingNode | SequenceNode) else (False, 0)


def only_meant(
    before: tuple[str, list[Node]],
    after: tuple[str, list[Node]],
    meant: Mapping[int, Meant],
    type_of: Callable[[ScalarNode], str],
) -> bool:
    """Whether ``after`` differs from ``before`` (text and its nodes) only in scalars that are now what was meant.

    ``meant`` goes by the id of the node before. The text around those scalars must be the same to the character.
    """
    (old_text, old), (new_text, new) = before, after
    if len(old) != len(new):
        return False
    for one, other in zip(old, new, strict=True):
        wanted = meant.get(id(one))
        if not (alike(one, other) if wanted is None else _is_meant(one, other, wanted, type_of)):
            return False
    changed = [(one, other, len(meant[id(one)].gap)) for one, other in zip(old, new, strict=True) if id(one) in meant]
    return _around(old_text, [(one.start, one.end) for one, _, _ in changed]) == _around(
        new_text, [(other.start - gap, other.end) for _, other, gap in changed]
    )


def _is_meant(old: Node, new: Node, wanted: Meant, type_of: Callable[[ScalarNode], str]) -> bool:
    return (
        isinstance(new, ScalarNode)
        and (old.anchor, old.tag) == (new.anchor, new.tag)
        and (new.value, type_of(new)) == (wanted.value, wanted.type)
        and wanted.style in (None, new.style)
    )


def _around(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    gaps, place = [], 0
    for start, end in places:
        gaps.append(text[place:start])
        place = end
    return [*gaps, text[place:]]
