"""The first pass over a table: what is kept of every column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bot.adapters.measuring.kinds import ColumnKind, kind_of
from bot.adapters.measuring.plan import Column
from bot.adapters.measuring.summaries import Labels, Numbers
from bot.adapters.measuring.table import Table

MOST_ROOM, ALL_ROOM = 20_000, 4_000_000
"""Values that are kept of one column, and of all columns of a table together."""
Batch = Mapping[str, Any]
_NUMBER = r"^[-+]?(\d{1,300}\.?\d*|\.\d+)([eE][-+]?\d{1,2})?$"


@dataclass(frozen=True)
class Survey:
    """``columns`` by name."""

    rows: int
    columns: Mapping[str, Numbers | Labels]


def room_for(columns: int) -> int:
    """How many values of each column are kept."""
    return max(256, min(MOST_ROOM, ALL_ROOM // max(1, columns)))


def survey(
    table: Table, columns: Iterable[Column], watch: Callable[[Batch], None] | None = None, also: tuple[str, ...] = ()
) -> Survey:
    """Every column's summary. ``watch`` sees every batch, which then has the columns ``also`` too."""
    planned = list(columns)
    room = room_for(len(planned))
    kept: dict[str, Numbers | Labels] = {
        one.name: Labels() if one.named else Numbers(room, one.rule.range if one.rule else None) for one in planned
    }
    rows = 0
    names = [*dict.fromkeys((*kept, *also))] or list(table.columns())[:1]  # any column tells how many rows there are
    for batch in table.batches(names):
        size = max(map(len, batch.values()), default=0)
        rows += size
        for name, summary in kept.items():
            summary.add(fitting(summary, batch.get(name), size))
        if watch is not None:
            watch(batch)
    return Survey(rows, kept)


def fitting(summary: Numbers | Labels | None, column: Any, size: int) -> Any:
    """The column; missing values where a file does not have it, or has words where numbers belong."""
    if column is None:
        return pa.nulls(size, pa.float64())
    if isinstance(summary, Labels) or kind_of(column.type).numeric:
        return column
    if kind_of(column.type) is not ColumnKind.TEXT:
        return pa.nulls(size, pa.float64())
    words = pc.cast(column, pa.string())
    return pc.cast(pc.if_else(pc.match_substring_regex(words, _NUMBER), words, None), pa.float64())
