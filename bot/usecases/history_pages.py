"""History in pages: what is looked for stands mostly near the top, and Git needs a while for a long list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.facts import HistoryEntry
from bot.ports import Checkout

FIRST, TIMES = 8, 4


def entries_of(
    checkout: Checkout, commit: str, paths: Sequence[str], depth: int, page: int = FIRST
) -> Iterator[HistoryEntry]:
    """The first-parent commits that touched the paths, newest first, at most ``depth``; read as far as is asked for."""
    at: str | None = commit
    while at and depth > 0:
        found = checkout.history(at, paths, min(page, depth))
        yield from found
        if len(found) < min(page, depth):
            return
        at, depth, page = found[-1].parent, depth - len(found), page * TIMES
