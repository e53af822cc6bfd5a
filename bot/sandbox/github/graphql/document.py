"""Reads a GraphQL document: one operation with variables, arguments, aliases and nested selections.

Fragments, directives and several operations are left out: nobody sends them here (https://spec.graphql.org/October2021).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'\s*(?:,|#[^\n]*)?\s*("(?:[^"\\]|\\.)*"|-?\d+|\$?[A-Za-z_]\w*|[{}():!=\[\]@]|\.\.\.|$)')


MAX_BRACES = 100


class Malformed(Exception):  # noqa: N818  (told to the caller as a GraphQL error)
    """What is wrong with the document."""


@dataclass(frozen=True)
class Field:
    """One field of a selection; ``key`` is its alias, else its name."""

    name: str
    key: str
    arguments: dict[str, Any] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Operation:
    """``kind`` is query or mutation."""

    kind: str
    fields: tuple[Field, ...]


def parse(text: str, variables: dict[str, Any]) -> Operation:
    """The operation with its variables filled in. Raises Malformed."""
    if text.count("{") > MAX_BRACES:
        raise Malformed("The query is too complex")
    reader = _Reader(_tokens(text), variables)
    kind = reader.take() if reader.peek() in {"query", "mutation"} else "query"
    if reader.peek() not in {"{", "("}:
        reader.take()
    if reader.peek() == "(":
        reader.skip_definitions()
    return Operation(kind, reader.selection())


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Malformed(f"Parse error on {text[at : at + 20]!r}")
        found += [token[1]] if token[1] else []
        at = max(token.end(), at + 1)
    return found


@dataclass
class _Reader:
    tokens: list[str]
    variables: dict[str, Any]
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        token = self.peek()
        if not token or (wanted is not None and token != wanted):
            raise Malformed(f"Parse error on {token or 'the end'!r}, expected {wanted or 'more'!r}")
        self.at += 1
        return token

    def skip_definitions(self) -> None:
        while self.take() != ")":
            pass

    def selection(self) -> tuple[Field, ...]:
        self.take("{")
        found: list[Field] = []
        while self.peek() != "}":
            found.append(self._field())
        self.take("}")
        return tuple(found)

    def _field(self) -> Field:
        key = name = self.take()
        if self.peek() == ":":
            self.take(":")
            name = self.take()
        arguments = self._arguments("(", ")") if self.peek() == "(" else {}
        inner = self.selection() if self.peek() == "{" else ()
        return Field(name, key, arguments, inner)

    def _arguments(self, opening: str, closing: str) -> dict[str, Any]:
        self.take(opening)
        found: dict[str, Any] = {}
        while self.peek() != closing:
            name = self.take()
            self.take(":")
            found[name] = self._value()
        self.take(closing)
        return found

    def _value(self) -> Any:
        if self.peek() == "{":
            return self._arguments("{", "}")
        token = self.take()
        if token.startswith("$"):
            return self.variables.get(token[1:])
        if token.startswith('"'):
            return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if token.lstrip("-").isdecimal():
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)


def project(fields: tuple[Field, ...], value: Any, kind: str) -> Any:
    """What a selection keeps of a value. Raises Malformed for a field that is not there."""
    if isinstance(value, list):
        return [project(fields, one, kind) for one in value]
    if value is None or not fields:
        return value
    found = {}
    for one in fields:
        if one.name not in value:
            raise Malformed(f"Field '{one.name}' doesn't exist on type '{kind}'")
        found[one.key] = project(one.fields, value[one.name], one.name[:1].upper() + one.name[1:])
    return found
