"""When rows were seen, and which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bot.adapters.measuring.kinds import ColumnKind
from bot.adapters.measuring.sampled import Values
from bot.adapters.measuring.table import Table
from bot.domain.drifting.measuring import DataSet
from bot.errors import Reason, Refused

AHEAD_SECONDS = 300.0
"""Clocks that disagree: rows further ahead than this do not tell when the data ends."""
_MILLISECONDS = 1e11


def newest(table: Table, name: str, now: float) -> float | None:
    """The newest moment that is not ahead of our clock, in seconds since the epoch; if all are, the newest. None where
    there is none. Raises Refused(DATA_UNREADABLE) where the column is none of moments."""
    best = ahead = -np.inf
    for batch in table.batches([name]):
        moments = _seconds(batch[name], name) if name in batch else np.empty(0)
        moments = moments[np.isfinite(moments)]
        late = moments > now + AHEAD_SECONDS
        best = max(best, moments[~late].max(initial=-np.inf))
        ahead = max(ahead, moments[late].max(initial=-np.inf))
    found = float(best if np.isfinite(best) else ahead)
    return found if np.isfinite(found) else None


class Recent:
    """Only the rows of another table that are not older than ``since``."""

    def __init__(self, table: Table, name: str, since: float) -> None:
        self._table, self._name, self._since = table, name, since
        self.identity = f"{table.identity} {name} {since}" if table.identity else ""

    def columns(self) -> Mapping[str, ColumnKind]:
        """As the protocol says."""
        return self._table.columns()

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """As the protocol says."""
        for batch in self._table.batches([*dict.fromkeys((*names, self._name))]):
            if self._name in batch:
                with np.errstate(invalid="ignore"):
                    keep = pa.array(_seconds(batch[self._name], self._name) > self._since)
                yield {name: column.filter(keep) for name, column in batch.items() if name in names}


def narrowed(table: Table, data: DataSet, now: float) -> tuple[Table, float | None]:
    """The rows that count, and when the newest of them was seen. Raises as ``newest``."""
    if not data.time:
        return table, None
    if data.time not in table.columns():
        raise _no_moments(data.time, "there is no such column")
    end = newest(table, data.time, now)
    if end is None or data.last <= 0:
        return table, end
    return Recent(table, data.time, end - data.last), end


def _seconds(column: Any, name: str) -> Values:
    """Seconds since the epoch; NaN where there is none. Moments without a zone are UTC, numbers seconds or, when they
    are too large for that, milliseconds."""
    if pa.types.is_boolean(column.type):
        raise _no_moments(name, "its values are no moments")
    try:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = _parsed(column)
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
            ticks = pc.cast(pc.cast(column, pa.timestamp("us"), safe=False), pa.int64())
            return _floats(ticks) / 1e6
        found = _floats(column)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise _no_moments(name, "its values are no moments") from error
    return np.where(np.abs(found) > _MILLISECONDS, found / 1000.0, found)


def _parsed(column: Any) -> Any:
    try:
        return pc.cast(column, pa.timestamp("us"))
    except pa.ArrowInvalid:
        return pc.cast(column, pa.timestamp("us", tz="UTC"))


def _floats(column: Any) -> Values:
    found: Values = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return found


def _no_moments(name: str, why: str) -> Refused:
    return Refused(
        Reason.DATA_UNREADABLE,
        f"The column `{name}` does not tell when rows were seen: {why}.",
        "Name a column of timestamps as `time` in the policy's `drift.runs`.",
    )
