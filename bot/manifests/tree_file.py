"""A file that is a tree: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bot.domain.policy.model import Binding
from bot.manifests.decoding import decoded
from bot.manifests.leaf import Edited, Leaf
from bot.manifests.select import query_of
from bot.manifests.shapes import refuse_language
from bot.manifests.syntax import Syntax
from bot.manifests.tree import MAX_BYTES, Tree


class TreeFile(Tree):
    """One file, parsed once for all its bindings. ``text`` is without the byte order mark, which stays in the file."""

    format: ClassVar[Syntax]

    def __init__(self, file: str, content: bytes) -> None:
        """Raises Refused(TARGET_UNREADABLE) for what is not plain data."""
        refuse_language(file)
        self._bom, text = decoded(file, content, MAX_BYTES)
        super().__init__(file, text, self.format)

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Absent where nothing stands, else Refused(TARGET_UNREADABLE) when it is not
        exactly one plain value."""
        query = query_of(binding)
        scalar, offset = self.scalar(query)
        return Leaf(self.file, query.at, scalar, self.text.count("\n", 0, offset) + 1, self.certain(query))

    def edited(self, values: Mapping[str, str]) -> Edited:
        """The file with new values at selectors that `leaf` was asked for. Raises Refused if more would change."""
        edit = self.edit(values)
        return Edited(self.encoded(edit.text), edit.scalars)

    def encoded(self, text: str) -> bytes:
        """The bytes of the file when its text is this."""
        return (self._bom + text).encode()
