"""What formats that are no trees of nodes share: a text, the places bound in it, and an edit that is proven."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding
from bot.domain.policy.selectors import Selector, parse_selector, selector_text
from bot.errors import Refused
from bot.manifests.decoding import decoded
from bot.manifests.leaf import Edited, Leaf
from bot.manifests.refusals import Absent, short, unreadable
from bot.manifests.scalars import is_number
from bot.manifests.shapes import refuse_placeholder, template

_CONTROL = re.compile(r"\{\{-|-\}\}|\{%")


@dataclass(frozen=True)
class Spot:
    """A bound value: its source is ``text[start:end]``."""

    start: int
    end: int
    scalar: Scalar


class PlainText(ABC):
    """One file, read once. A format says how a place is found and written, and what else the file says."""

    max_bytes = 1024 * 1024

    def __init__(self, file: str, content: bytes) -> None:
        """Raises Refused(TARGET_UNREADABLE) for what is not of this format."""
        self.file = file
        self._bom, self.text = decoded(file, content, self.max_bytes)
        self._spots: dict[str, tuple[Binding, Spot]] = {}
        self.parse()

    @abstractmethod
    def parse(self) -> None:
        """Takes ``text`` in. Raises Refused."""

    @abstractmethod
    def spot(self, binding: Binding) -> Spot:
        """The one place that the binding means. Raises Absent where nothing stands there, or another Refused."""

    @abstractmethod
    def source(self, spot: Spot, text: str) -> tuple[str, str]:
        """How ``text`` is written in a place, and the type that it then has. Raises Refused."""

    @abstractmethod
    def rest(self, bindings: tuple[Binding, ...]) -> object:
        """All that the file says beside these bindings, to be compared."""

    def at(self, binding: Binding) -> str:
        """The place in the one way that the bot writes it."""
        return selector_text(self.steps(binding))

    def steps(self, binding: Binding) -> Selector:
        """The selector's steps. Raises Refused."""
        try:
            return parse_selector(binding.at)
        except ValueError as error:
            raise unreadable(self.file, f"the selector {short(binding.at)} is not understood: {error}") from None

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Absent where there is none, or another Refused(TARGET_UNREADABLE)."""
        spot, at = self.spot(binding), self.at(binding)
        text = spot.scalar.text
        if not text:
            raise Absent(self.file, f"{at} is empty; write a version there first")
        if "\n" in self.text[spot.start : spot.end] or "\r" in text:
            raise unreadable(self.file, f"{at} holds several lines; write it on one line")
        refuse_placeholder(self.file, at, text)
        self._spots[at] = (binding, spot)
        return Leaf(self.file, at, spot.scalar, self.line(spot.start), spot.scalar.type == "str" or is_number(text))

    def edited(self, values: Mapping[str, str]) -> Edited:
        """The file with new values at places that `leaf` has found. Raises Refused if anything else would change."""
        pieces, place, shift = list[str](), 0, 0
        meant: dict[str, Spot] = {}
        for at in sorted(values, key=lambda one: self._spots[one][1].start):
            spot = self._spots[at][1]
            self._refuse_edit(at, spot.start < place, values[at])
            source, kind = self.source(spot, values[at])
            pieces += [self.text[place : spot.start], source]
            start = spot.start + shift
            meant[at] = Spot(start, start + len(source), Scalar(kind, values[at]))
            place, shift = spot.end, shift + len(source) - (spot.end - spot.start)
        content = (self._bom + "".join([*pieces, self.text[place:]])).encode("utf-8", "surrogatepass")
        self._prove(content, meant)
        return Edited(content, {at: spot.scalar for at, spot in meant.items()})

    def _refuse_edit(self, at: str, overlaps: bool, value: str) -> None:
        if overlaps:
            raise unreadable(self.file, f"{at} overlaps another bound value")
        if not value.isprintable():
            raise unreadable(self.file, f"{short(value)} at {at} is not one line of text")

    def _prove(self, content: bytes, meant: Mapping[str, Spot]) -> None:
        """Read again, each bound value stands where it was put and reads as intended, and all else says the same."""
        after = type(self)(self.file, content)
        bindings = tuple(self._spots[at][0] for at in meant)
        try:
            same = all(after.spot(self._spots[at][0]) == spot for at, spot in meant.items())
        except Refused as refused:
            raise unreadable(self.file, f"a new value would not be found again: {refused.message}") from None
        if not same or after.rest(bindings) != self.rest(bindings):
            raise unreadable(self.file, "the edit would change more than the bound values")

    def line(self, place: int) -> int:
        """The line of an offset, counted from 1."""
        return self.text.count("\n", 0, place) + 1

    def refuse_control(self, text: str, place: int) -> None:
        """Raises Refused where a template's control structures hide in a comment."""
        hit = _CONTROL.search(text)
        if hit:
            raise template(self.file, f"line {self.line(place)} holds {hit[0]!r}")
