"""Where lines and nodes begin and end in a text. A node's own mark says too much: it runs on over what follows."""

from __future__ import annotations

import re
from collections import Counter

from bot.domain.policy.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode, walk

_COMMENT = re.compile(r"( *)#[^\n]*(?:\n|$)")


def line_start(text: str, place: int) -> int:
    """Where the line begins that ``place`` is in."""
    return text.rfind("\n", 0, place) + 1


def line_end(text: str, place: int) -> int:
    """Behind the line feed that ends the line, or the end of the text."""
    return text.find("\n", place) + 1 or len(text)


def column(text: str, place: int) -> int:
    """How many characters stand before ``place`` in its line."""
    return place - line_start(text, place)


def line_of(text: str, place: int) -> int:
    """The number of the line, from 1."""
    return text.count("\n", 0, place) + 1


def line_break(text: str, place: int) -> str:
    """The line end in use: that of the line before ``place``, else of the first line."""
    end = text.rfind("\n", 0, place)
    end = text.find("\n") if end < 0 else end
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def without_break(text: str, end: int) -> int:
    """``end``, or before the line end that stands just before it."""
    if end > 0 and text[end - 1] == "\n":
        end -= 2 if end > 1 and text[end - 2] == "\r" else 1
    return end


def tail(text: str, node: Node) -> int:
    """Behind a node's last character, its line end left out. Comments and blank lines behind it are not the node's."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow and node.items:
        last = node.items[-1]
        node = last[1] if isinstance(last, tuple) else last
    if not isinstance(node, ScalarNode) or node.style not in ("|", ">"):
        return node.end
    source = text[node.start : node.end]
    if "+" in source.partition("\n")[0].partition("#")[0]:  # it keeps the blank lines behind it
        return without_break(text, node.end)
    last_written = node.start + len(source.rstrip())
    return min(node.end, without_break(text, line_end(text, last_written)))


def comments_end(text: str, place: int, least: int) -> int:
    """Behind the comment lines that begin at ``place``, one below the other, at the column ``least`` or deeper."""
    while (hit := _COMMENT.match(text, place)) and len(hit[1]) >= least:
        place = hit.end()
    return place


def block_start(text: str, node: MappingNode | SequenceNode) -> int:
    """Where a block collection's first key or dash stands, behind its properties."""
    first = node.items[0]
    if isinstance(first, tuple):
        return first[0].start
    return text.rfind("-", node.start, first.start)


def indent_step(text: str, document: Document) -> int:
    """How many spaces deeper the document mostly writes a mapping in a mapping; 2 where it has none."""
    steps = Counter(step for node in walk(document.root) for step in _steps(text, node))
    return steps.most_common(1)[0][0] if steps else 2


def _steps(text: str, node: Node) -> list[int]:
    if not isinstance(node, MappingNode) or node.flow:
        return []
    inner = [value for _, value in node.items if isinstance(value, MappingNode) and not value.flow and value.items]
    outer = column(text, block_start(text, node))
    return [column(text, block_start(text, value)) - outer for value in inner]
