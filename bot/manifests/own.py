"""One bound scalar: its value as people mean it, and how a new one is written in its place."""

from __future__ import annotations

import re

from bot.domain.policy.nodes import ScalarNode
from bot.manifests.embedded import Embedded, embedded
from bot.manifests.proof import Meant
from bot.manifests.splice import Splice
from bot.manifests.syntax import Syntax

_PROPERTIES = re.compile(r"(?:&\S+[ \t]+)?")
BLOCKS = ("|", ">")


def content_start(text: str, node: ScalarNode) -> int | None:
    """Where the scalar begins behind its anchor; None where the two stand apart."""
    if node.anchor is None:
        return node.start
    hit = _PROPERTIES.match(text, node.start, node.end)
    return hit.end() if hit and hit[0] else None


def inside(text: str, node: ScalarNode, syntax: Syntax) -> Embedded | None:
    """The text inside the scalar, where each of its characters can be found again in the text around."""
    start = content_start(text, node)
    return None if start is None else embedded(text, node, start, syntax)


def value_of(node: ScalarNode) -> str:
    """The scalar's value; of a block scalar without the line ends that its style adds."""
    return node.value.rstrip("\n") if node.style in BLOCKS else node.value


def replaced(text: str, node: ScalarNode, value: str, in_flow: bool, syntax: Syntax) -> tuple[Splice, Meant] | None:
    """The edit that makes the scalar say ``value``, and what it then is. None where no place can be told for it."""
    if node.style in BLOCKS:
        if "\n" in value or not value.strip():
            return None
        block, old = inside(text, node, syntax), value_of(node)
        meant = Meant(value + node.value[len(old) :], "str", node.style)
        return None if block is None else (block.lifted(Splice(0, len(old), value)), meant)
    start = content_start(text, node)
    if start is None:
        return None
    source, type_ = syntax.write(node, value, in_flow)
    gap = " " if start == node.end and text[start - 1 : start].strip() else ""  # `tag:` with nothing behind it
    return Splice(start, node.end, gap + source), Meant(value, type_, gap=gap)
