"""YAML as a tree of nodes that know their place in the text, built from libyaml's events.

No recursion and hard bounds, so that no text can exhaust the stack, the memory or anyone's patience; and aliases stay
aliases, so that nothing expands. Offsets count characters of the text given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml: the same events, slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_DEPTH: Final = 100
MAX_NODES: Final = 400_000
MAX_ANCHOR: Final = 200


class YamlError(ValueError):
    """The text is not YAML that we take. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(slots=True, eq=False)
class Node:
    """``start`` and ``end`` are offsets; a node's properties (anchor, tag) come before its content and are inside."""

    start: int
    end: int
    line: int
    anchor: str | None
    tag: str | None


@dataclass(slots=True, eq=False)
class ScalarNode(Node):
    """``style`` is libyaml's: empty for plain, else one of ``' " | >``."""

    value: str
    style: str


@dataclass(slots=True, eq=False)
class MappingNode(Node):
    """Keys and values in order; ``flow`` for `{}`."""

    flow: bool
    items: list[tuple[Node, Node]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class SequenceNode(Node):
    """Items in order; ``flow`` for `[]`."""

    flow: bool
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class AliasNode(Node):
    """`*name`; ``target`` is the anchored node."""

    target: Node


@dataclass(slots=True)
class Document:
    """One document of the text, from ``start`` to ``end`` with the comments around it.

    ``repeated`` holds the second of any two equal keys; ``aliased`` the ids of nodes that an alias names.
    """

    root: Node
    start: int
    end: int
    repeated: list[ScalarNode] = field(default_factory=list)
    aliased: set[int] = field(default_factory=set)


def parse_yaml(text: str, max_nodes: int = MAX_NODES) -> list[Document]:
    """The documents of a text. Raises YamlError for anything that is not YAML or goes beyond the bounds."""
    builder = _Builder(max_nodes, len(text))
    try:
        for event in yaml.parse(text, Loader=Loader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise _fault(error, text) from None
    return builder.documents


def _fault(error: yaml.YAMLError, text: str) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    position = getattr(error, "position", None)
    line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
    return YamlError(f"not YAML: {problem}", min(line, text.rstrip("\n").count("\n") + 1))


class _Builder:
    """Takes events, keeps a stack of what is open."""

    def __init__(self, max_nodes: int, length: int) -> None:
        self.documents: list[Document] = []
        self._left, self._length = max_nodes, length
        self._stack: list[tuple[MappingNode | SequenceNode, list[Node], set[str]]] = []
        self._open_ids: set[int] = set()
        self._anchors: dict[str, Node] = {}
        self._document: Document | None = None

    def take(self, event: Any) -> None:
        """One event; yaml.Event's subclasses are told apart, so their attributes are known."""
        match event:
            case yaml.ScalarEvent():
                self._add(ScalarNode(*_place(event), event.value, event.style or ""))
            case yaml.MappingStartEvent():
                self._open(MappingNode(*_place(event), bool(event.flow_style)))
            case yaml.SequenceStartEvent():
                self._open(SequenceNode(*_place(event), bool(event.flow_style)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(_end(event))
            case yaml.AliasEvent():
                self._add(self._alias(event))
            case yaml.DocumentStartEvent():
                self._anchors, self._document = {}, None
                if self.documents:
                    self.documents[-1].end = _start(event)

    def _open(self, node: MappingNode | SequenceNode) -> None:
        self._add(node)
        if len(self._stack) >= MAX_DEPTH:
            raise YamlError(f"nested more than {MAX_DEPTH} levels deep", node.line)
        self._stack.append((node, [], set()))
        self._open_ids.add(id(node))

    def _close(self, end: int) -> None:
        node = self._stack.pop()[0]
        node.end = end
        self._open_ids.discard(id(node))

    def _alias(self, event: Any) -> AliasNode:
        line = event.start_mark.line + 1
        target = self._anchors.get(_bounded(event.anchor, line))
        if target is None:
            raise YamlError(f"the alias *{event.anchor} has no anchor before it", line)
        if id(target) in self._open_ids:
            raise YamlError(f"the alias *{event.anchor} stands inside what it names", line)
        if self._document:
            self._document.aliased.add(id(target))
        return AliasNode(event.start_mark.index, _end(event), line, None, None, target)

    def _add(self, node: Node) -> None:
        self._left -= 1
        if self._left < 0:
            raise YamlError("too many values", node.line)
        if node.anchor:
            self._anchors[_bounded(node.anchor, node.line)] = node
        if not self._stack:
            start = self.documents[-1].end if self.documents else 0
            self._document = Document(node, start, self._length)
            self.documents.append(self._document)
            return
        parent, pending, seen = self._stack[-1]
        if isinstance(parent, SequenceNode):
            parent.items.append(node)
        elif pending:
            parent.items.append((pending.pop(), node))
        else:
            pending.append(node)
            self._note_key(node, seen)

    def _note_key(self, node: Node, seen: set[str]) -> None:
        """An alias is the key that it stands for."""
        if isinstance(node, AliasNode) and isinstance(node.target, ScalarNode):
            node = ScalarNode(node.start, node.end, node.line, None, None, node.target.value, "")
        if not isinstance(node, ScalarNode):
            return
        if node.value in seen and self._document:
            self._document.repeated.append(node)
        seen.add(node.value)


def _place(event: Any) -> tuple[int, int, int, str | None, str | None]:
    mark = event.start_mark
    return mark.index, event.end_mark.index, mark.line + 1, event.anchor, event.tag


def _bounded(anchor: str, line: int) -> str:
    """The name of an anchor. No reader bounds it, and messages name it."""
    if len(anchor) > MAX_ANCHOR:
        raise YamlError(f"an anchor's name has more than {MAX_ANCHOR} characters", line)
    return anchor


def _start(event: Any) -> int:
    return int(event.start_mark.index)


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def walk(root: Node) -> Iterator[Node]:
    """Every node in the order of the text; aliases are not followed."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, SequenceNode):
            stack.extend(reversed(node.items))
        elif isinstance(node, MappingNode):
            stack.extend(part for pair in reversed(node.items) for part in reversed(pair))
