"""What a manifest format offers: a file that was parsed once, its bound scalars, and an edit that is proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding


@dataclass(frozen=True)
class Leaf:
    """One bound scalar. ``line`` counts from 1; ``at`` is the selector in the one way that the bot writes it.

    ``certain`` is False where readers take what is written for something else, or write it in another way: 1.10 is the
    number 1.1, `0x10` is 16, `yes` is true. Then it does not say which version runs.
    """

    file: str
    at: str
    scalar: Scalar
    line: int
    certain: bool = True


@dataclass(frozen=True)
class Edited:
    """A file after an edit, and what its changed scalars are now, by selector."""

    content: bytes
    scalars: dict[str, Scalar] = field(hash=False)


class ManifestFile(Protocol):
    """One file of one format. Raises Refused(TARGET_UNREADABLE) and nothing else, from the start on.

    Those that are trees (`tree_file.TreeFile`) offer more, to whoever inserts, removes and restores: `text` (without
    the byte order mark; offsets of nodes count in it), `documents`, `chosen(doc)`, `found(query)`, `inner(found, …)`,
    `parsed(text)`, `proven(splices, meant)` and `encoded(text)`.
    """

    def __init__(self, file: str, content: bytes) -> None: ...

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Absent where nothing stands there."""
        ...

    def edited(self, values: Mapping[str, str]) -> Edited:
        """The file with new values at the selectors of leaves that were asked for before (also where a scalar is
        there but empty, which `leaf` calls absent)."""
        ...
