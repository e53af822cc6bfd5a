"""The second pass: columns that do not fit into memory are counted against a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.adapters.measuring.gridded import Grid
from bot.adapters.measuring.kinds import numbers
from bot.adapters.measuring.pairs import NumberPair, Pair
from bot.adapters.measuring.summaries import Numbers
from bot.adapters.measuring.survey import fitting
from bot.adapters.measuring.table import Table


def recount(pairs: Mapping[str, Pair], reference: Table, current: Table) -> dict[str, Pair]:
    """The same pairs, with grids where they are needed."""
    wanted = {name: pair for name, pair in pairs.items() if isinstance(pair, NumberPair) and _needs(pair)}
    old = {name: _grid(pair) for name, pair in wanted.items()}
    new = {name: Grid(one.points, one.borders, one.centre) for name, one in old.items()}
    _count(reference, old, {name: pair.reference for name, pair in wanted.items()})
    _count(current, new, {name: pair.current for name, pair in wanted.items()})
    counted: dict[str, Pair] = {name: replace(pair, grids=(old[name], new[name])) for name, pair in wanted.items()}
    return {name: counted.get(name, pair) for name, pair in pairs.items()}


def _needs(pair: NumberPair) -> bool:
    return not pair.held and pair.comparable


def _grid(pair: NumberPair) -> Grid:
    return Grid(pair.points(), pair.borders(), pair.reference.mean)


def _count(table: Table, grids: Mapping[str, Grid], sides: Mapping[str, Numbers]) -> None:
    """What is in memory whole is not read again."""
    again = [name for name, side in sides.items() if not side.complete]
    for name, side in sides.items():
        if side.complete:
            grids[name].add(side.held())
    if not again:
        return
    for batch in table.batches(again):
        for name in again:
            if name in batch:
                grids[name].add(numbers(fitting(None, batch[name], len(batch[name])))[0])
