"""Stretches of a text, replaced at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """The text from ``start`` to ``end`` (offsets in characters) becomes ``text``."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with every stretch replaced. Raises ValueError when two of them overlap."""
    pieces, place = [], 0
    for splice in sorted(splices):
        if splice.start < place:
            raise ValueError(f"two edits overlap at {splice.start}")
        pieces += [text[place : splice.start], splice.text]
        place = splice.end
    return "".join([*pieces, text[place:]])
