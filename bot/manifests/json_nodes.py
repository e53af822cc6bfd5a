"""JSON (RFC 8259, nothing more) as a tree of nodes that know their place in the text.

The same nodes as YAML's, so that selectors, edits and proofs are the same. No recursion, and the same bounds.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Final

from bot.domain.policy.nodes import MAX_DEPTH, MAX_NODES, Document, MappingNode, Node, ScalarNode, SequenceNode

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_CLOSING: Final = {"{": "}", "[": "]"}


class JsonError(ValueError):
    """The text is not JSON that we take. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def parse_json(text: str, max_nodes: int = MAX_NODES) -> list[Document]:
    """The one document of a text. Raises JsonError for anything that is not strict JSON or goes beyond the bounds."""
    return [_Scanner(text, max_nodes).document()]


class _Scanner:
    """Goes through the text once and keeps a stack of what is open."""

    def __init__(self, text: str, max_nodes: int) -> None:
        self._text, self._left = text, max_nodes
        self._place, self._line, self._counted = 0, 1, 0
        self._stack: list[tuple[MappingNode | SequenceNode, set[str]]] = []
        self._repeated: list[ScalarNode] = []

    def document(self) -> Document:
        """The text's only value. Raises JsonError."""
        root = self._value()
        while self._stack:
            self._next()
        if self._peek():
            raise self._fault("text after the end of the value")
        return Document(root, 0, len(self._text), self._repeated)

    def _next(self) -> None:
        """One more item of what is open, or its end."""
        node, seen = self._stack[-1]
        closing = "}" if isinstance(node, MappingNode) else "]"
        mark = self._peek()
        if mark == closing:
            self._place += 1
            node.end = self._place
            self._stack.pop()
            return
        if node.items:
            self._take(",", f"expected , or {closing}")
        if isinstance(node, MappingNode):
            self._pair(node, seen)
        else:
            node.items.append(self._value())

    def _pair(self, node: MappingNode, seen: set[str]) -> None:
        if self._peek() != '"':
            raise self._fault("expected a key in double quotes")
        key = self._string()
        if key.value in seen:
            self._repeated.append(key)
        seen.add(key.value)
        self._take(":", "expected : after a key")
        node.items.append((key, self._value()))

    def _value(self) -> Node:
        mark = self._peek()
        if mark == '"':
            return self._string()
        if mark in _CLOSING:
            return self._open(mark)
        hit = _WORD.match(self._text, self._place)
        if hit is None:
            raise self._fault("expected a value")
        node = ScalarNode(*self._spot(hit.end()), hit[0], "")
        self._place = hit.end()
        return node

    def _open(self, mark: str) -> Node:
        if len(self._stack) >= MAX_DEPTH:
            raise self._fault(f"nested more than {MAX_DEPTH} levels deep")
        kind = MappingNode if mark == "{" else SequenceNode
        node: MappingNode | SequenceNode = kind(*self._spot(self._place), True)
        self._stack.append((node, set()))
        self._place += 1
        return node

    def _string(self) -> ScalarNode:
        try:
            value, end = scanstring(self._text, self._place + 1, True)
        except json.JSONDecodeError as error:
            raise self._fault(error.msg.removesuffix(" at").lower()) from None
        node = ScalarNode(*self._spot(end), value, '"')
        self._place = end
        return node

    def _spot(self, end: int) -> tuple[int, int, int, None, None]:
        self._left -= 1
        if self._left < 0:
            raise self._fault("too many values")
        return self._place, end, self._line_here(), None, None

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._place)
        self._counted = self._place
        return self._line

    def _peek(self) -> str:
        """The next mark that is no white space; empty at the end."""
        hit = _SPACE.match(self._text, self._place)
        self._place = hit.end() if hit else self._place
        return self._text[self._place : self._place + 1]

    def _take(self, mark: str, complaint: str) -> None:
        if self._peek() != mark:
            raise self._fault(complaint)
        self._place += 1

    def _fault(self, message: str) -> JsonError:
        return JsonError(f"not JSON: {message}", self._line_here())
