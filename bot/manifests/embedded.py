"""The text inside a scalar, and where each of its characters stands in the text around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.policy.nodes import ScalarNode
from bot.manifests.splice import Splice
from bot.manifests.syntax import Syntax

_HEADER = re.compile(r"[|>][-+0-9]{0,2}[^\r\n]*(?:\r?\n|$)")
_LINE_END = re.compile(r"\r?\n")


@dataclass(frozen=True)
class Embedded:
    """``text`` is the scalar's value. From each of ``starts`` (offsets in it) the characters stand side by side from
    the ``places`` of the same number (offsets in the text around it)."""

    text: str
    starts: list[int]
    places: list[int]
    escaped: Callable[[str], str]
    indent: str | None = None

    def place(self, offset: int) -> int:
        """Where the character at ``offset`` stands in the text around."""
        nearest = bisect_right(self.starts, offset) - 1
        return self.places[nearest] + offset - self.starts[nearest]

    def lifted(self, splice: Splice) -> Splice:
        """The same edit in the text around: at its place there, escaped as the scalar's quotes demand."""
        text = self.escaped(splice.text)
        if self.indent is not None and splice.start == len(self.text) and self.text.endswith("\n"):
            text = self.indent + text.removesuffix(self.indent)  # the line that follows is none of this scalar's
        return Splice(self.place(splice.start), self.place(splice.end), text)


def embedded(text: str, node: ScalarNode, start: int, syntax: Syntax) -> Embedded | None:
    """The text inside a scalar whose content begins at ``start``, or None where its characters cannot be told apart
    in the text around: plain text, folded lines, quotes that go over several lines."""
    if node.style in ("|", ">"):
        return _block(text, node, start)
    if node.style in ('"', "'") and not re.search(r"[\r\n]", text[start : node.end]):
        return _quoted(text, node, start, syntax)
    return None


def _quoted(text: str, node: ScalarNode, start: int, syntax: Syntax) -> Embedded | None:
    """Every escape is one character of the value; between escapes the characters are their own."""
    single = node.style == "'"
    starts, places, pieces = [0], [start + 1], list[str]()
    length, place, end = 0, start + 1, node.end - 1
    for hit in (re.compile("''") if single else syntax.escape).finditer(text, start + 1, end):
        length += hit.start() - place
        pieces.append(text[place : hit.start()] + node.value[length : length + 1])
        starts += [length, length + 1]
        places += [hit.start(), hit.end()]
        length, place = length + 1, hit.end()
    pieces.append(text[place:end])
    if "".join(pieces) != node.value:
        return None
    return Embedded(node.value, starts, places, _doubled if single else lambda new: syntax.quote(new)[1:-1])


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _block(text: str, node: ScalarNode, start: int) -> Embedded | None:
    """Every line of the value is a line of the text behind the same indentation."""
    header = _HEADER.match(text, start, node.end)
    if header is None:
        return None
    lines, raw = node.value.split("\n"), _lines(text, header.end(), node.end)
    if len(raw) < len(lines):
        return None
    indent = next((end - begin - len(line) for line, (begin, end) in zip(lines, raw, strict=False) if line), 0)
    starts, places, length = list[int](), list[int](), 0
    for line, (begin, end) in zip(lines, raw, strict=False):
        if text[begin + indent : end] != line:
            return None
        starts.append(length)
        places.append(min(begin + indent, end))
        length += len(line) + 1
    spaces, eol = " " * indent, "\r\n" if "\r\n" in header[0] else "\n"
    return Embedded(node.value, starts, places, lambda new: new.replace("\n", eol + spaces), spaces)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each line begins and ends, without its line end."""
    lines = []
    for hit in _LINE_END.finditer(text, start, end):
        lines.append((start, hit.start()))
        start = hit.end()
    return [*lines, (start, end)]
