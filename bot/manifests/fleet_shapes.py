"""The shapes that were seen, a bounded number of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, NamedTuple

from bot.domain.policy.model import Target
from bot.manifests.fleet_learning import learn
from bot.manifests.fleet_names import Names
from bot.manifests.fleet_shape import MAX_BYTES, MAX_GAP, Shape
from bot.manifests.scalars import is_number, reads_as_text

_KEPT: Final = 128
_LIKE_ONE: Final = 32
# Learning costs as much as reading: it must have paid before it is tried often.
_FREE: Final = 32
_WORTH: Final = 8


class Told(NamedTuple):
    """A bound scalar's text, the same with the names hidden, and its line, counting from 1."""

    raw: str
    hidden: str
    line: int


class Shapes:
    """Shapes by what is asked of a file, those that fitted last in front."""

    def __init__(self) -> None:
        self._shapes: OrderedDict[Hashable, list[Shape]] = OrderedDict()
        self._count = self._learned = self._tries = 0

    def told(self, form: Hashable, names: Names, content: bytes) -> list[Told | None] | None:
        """What the file says at each binding, and None where it says nothing; None for a file of no known shape."""
        self._tries += 1
        shapes = self._shapes.get(form)
        data = names.hide_bytes(content) if shapes and len(content) <= MAX_BYTES else None
        if shapes is None or data is None:
            return None
        for place, shape in enumerate(shapes):
            values = shape.values(data)
            if values is not None:
                if place:
                    shapes.insert(0, shapes.pop(place))
                return _shown(names, shape, values)
        return None

    def learned(
        self, form: Hashable, target: Target, names: Names, file: str, content: bytes
    ) -> list[Told | None] | None:
        """The same for a file whose shape is learned by it, if it has one."""
        if self._learned > _FREE + self._tries // _WORTH:
            return None
        self._learned += 1
        shape = learn(target, names, file, content)
        if shape is None:
            return None
        self._keep(form, shape)
        return self.told(form, names, content)

    def _keep(self, form: Hashable, shape: Shape) -> None:
        shapes = self._shapes.setdefault(form, [])
        shapes.insert(0, shape)
        self._shapes.move_to_end(form)
        self._count += 1
        if len(shapes) > _LIKE_ONE:
            shapes.pop()
            self._count -= 1
        while self._count > _KEPT:
            self._count -= len(self._shapes.popitem(last=False)[1])


def _shown(names: Names, shape: Shape, values: list[str]) -> list[Told | None] | None:
    """What stands in the gaps, by binding; None where it may be no text to some reader."""
    told = []
    for value, gap in zip(values, shape.gaps, strict=True):
        raw = names.show(value)
        if len(raw) > MAX_GAP or not (gap.quoted or reads_as_text(raw) or is_number(raw)):
            return None
        told.append(Told(raw, value, gap.line))
    return [None if place is None else told[place] for place in shape.places]
