"""Tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[object]]) -> list[str]:
    """Columns as wide as their widest cell, two spaces apart; untrusted text is shown on one line."""
    cells = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _shown(cell: object) -> str:
    """Nothing that a terminal would obey."""
    return printable(str(cell))


def printable(text: str) -> str:
    """The text with what is no visible character written out, line feeds and tabs included."""
    return "".join(ch if ch.isprintable() else ascii(ch)[1:-1] for ch in text)
