"""The commits of a push, oldest first: which of them changes account for, and what the rest moved. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.by_hand import meaning
from bot.domain.change import Change, Move


@dataclass(frozen=True)
class Landed:
    """One first-parent commit that moved a bound value. ``change`` is the one whose merge it is, if any; ``author`` is
    what the commit says of itself."""

    commit: str
    parent: str
    author: str
    moves: tuple[Move, ...]
    change: Change | None = None


@dataclass(frozen=True)
class Stretch:
    """Commits in a row that no change accounts for."""

    first: Landed
    last: Landed


def outside(landed: Sequence[Landed]) -> tuple[Stretch, ...]:
    """The stretches that nobody judged, oldest first."""
    found: list[Stretch] = []
    open_ = False
    for one in landed:
        if one.change is None:
            found = [*found[:-1], Stretch(found[-1].first, one)] if open_ else [*found, Stretch(one, one)]
        open_ = one.change is None
    return tuple(found)


def accounts_for(change: Change, moves: Sequence[Move]) -> bool:
    """Whether a change means just these moves: what its merge, or all the commits of it, did to the branch."""
    if change.by_hand:
        return meaning(change.moves) == meaning(moves)
    intent = change.intent
    return any(
        (move.model, move.environment, move.to) == (intent.model, intent.environment, intent.to) for move in moves
    )
