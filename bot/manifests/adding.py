"""How new keys are written: as lines of a block, or between braces. Says which stretches of a text become what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.policy.nodes import MappingNode, ScalarNode
from bot.manifests.scalars import reads_as_text
from bot.manifests.spans import block_start, column, comments_end, line_break, line_end, line_start, tail, without_break
from bot.manifests.splice import Splice
from bot.manifests.syntax import JSON, Syntax

_COMMA = re.compile(r"\s*,")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Addition:
    """Keys, each in the one before, and the value of the last. ``step`` is how many spaces deeper the next one is;
    ``number``: the value is a whole number, and written as one."""

    syntax: Syntax
    keys: tuple[str, ...]
    value: str
    step: int = 2
    number: bool = False

    def scalar(self, in_flow: bool, quoted: bool = False) -> str:
        """The value alone, as it is written."""
        return self.value if self.number else self._written(self.value, in_flow, quoted)

    def lines(self, indent: int) -> list[str]:
        """One line a key, the first ``indent`` spaces deep."""
        keys = [f"{' ' * (indent + depth * self.step)}{self._written(k)}:" for depth, k in enumerate(self.keys)]
        return [*keys[:-1], f"{keys[-1]} {self.scalar(False)}"]

    def inline(self, quoted: bool) -> str:
        """The same between the braces of a mapping that is there."""
        text = self.scalar(True, quoted)
        for depth, key in enumerate(reversed(self.keys)):
            text = f"{self._written(key, True, quoted)}: {text if depth == 0 else f'{{{text}}}'}"
        return text

    def _written(self, text: str, in_flow: bool = False, quoted: bool = False) -> str:
        """Plain where every reader takes that for text; else between double quotes."""
        plain = self.syntax is not JSON and not quoted and not (in_flow and ":" in text)
        return text if plain and reads_as_text(text) else self.syntax.quote(text)


def lines_at(text: str, place: int, lines: list[str]) -> Splice:
    """Whole lines at ``place``, which is the start of a line, or the end of a text that ends with no line end."""
    eol = line_break(text, place)
    if place and text[place - 1] != "\n":
        return Splice(place, place, eol + eol.join(lines))
    return Splice(place, place, eol.join(lines) + eol)


def into_block(text: str, mapping: MappingNode, new: Addition) -> list[Splice]:
    """Behind the last value of a block mapping, and behind the comments that still are the mapping's."""
    indent = column(text, block_start(text, mapping))
    place = comments_end(text, line_end(text, tail(text, mapping)), indent)
    return [lines_at(text, place, new.lines(indent))]


def into_flow(text: str, mapping: MappingNode, new: Addition) -> list[Splice]:
    """Behind the last pair between braces; on a line of its own where that pair has one."""
    if not mapping.items:
        return [Splice(mapping.end - 1, mapping.end - 1, new.inline(False))]
    key, value = mapping.items[-1]
    pair = new.inline(isinstance(key, ScalarNode) and key.style == '"')
    before = text[line_start(text, key.start) : key.start]
    if before.strip():
        return [Splice(value.end, value.end, f", {pair}")]
    line = f"{line_break(text, key.start)}{before}{pair}"
    comma = _COMMA.match(text, value.end, mapping.end)
    end = comma.end() if comma else value.end
    if not _REST_OF_LINE.match(text, end):
        return [Splice(end, end, line + "," if comma else "," + line)]
    at = without_break(text, line_end(text, end))
    return [Splice(at, at, line + ",")] if comma else [Splice(end, at, f",{text[end:at]}{line}")]


def into_empty(text: str, mapping: MappingNode, new: Addition) -> list[Splice]:
    """In the place of a document's `{}`: as lines where it has its line for itself."""
    alone = not column(text, mapping.start) and _REST_OF_LINE.match(text, mapping.end)
    if new.syntax is JSON or not alone or "#" in text[mapping.end : line_end(text, mapping.end)]:
        return into_flow(text, mapping, new)
    return [Splice(mapping.start, mapping.end, line_break(text, mapping.start).join(new.lines(0)))]


def instead_of_null(text: str, parent: MappingNode, null: ScalarNode, new: Addition) -> list[Splice]:
    """In the place of nothing or null: the value, or the keys that are to be under it."""
    gap = " " if null.end == null.start and text[null.start - 1 : null.start].strip() else ""
    if not new.keys:
        return [Splice(null.start, null.end, gap + new.scalar(parent.flow))]
    if parent.flow:
        return [Splice(null.start, null.end, f"{gap}{{{new.inline(False)}}}")]
    indent = column(text, block_start(text, parent)) + new.step
    start = line_start(text, null.start) + len(text[line_start(text, null.start) : null.start].rstrip())
    below = lines_at(text, comments_end(text, line_end(text, null.end), indent), new.lines(indent))
    return [Splice(start, null.end, ""), below] if null.end > null.start else [below]
