"""A data set that can be read again and again, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from bot.adapters.measuring.kinds import ColumnKind, kind_of

ROWS_AT_ONCE = 65_536
"""Rows of a batch: what memory needs at the most, with the columns that are compared."""


class Table(Protocol):
    """``identity`` changes when the content does; empty where nobody can tell."""

    @property
    def identity(self) -> str: ...

    def columns(self) -> Mapping[str, ColumnKind]:
        """Every column, in its order. Raises as ``batches``."""
        ...

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Arrow arrays of equal length by name, without those that a batch does not have. Raises
        Refused(DATA_UNREADABLE), Transient."""
        ...


class ArrowTable:
    """A table that is in memory already."""

    def __init__(self, table: Any, identity: str = "") -> None:
        self._table, self.identity = table, identity

    def columns(self) -> Mapping[str, ColumnKind]:
        """As the protocol says."""
        return {one.name: kind_of(one.type) for one in self._table.schema}

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """As the protocol says."""
        for batch in self._table.select(list(names)).to_batches(ROWS_AT_ONCE):
            yield dict(zip(batch.schema.names, batch.columns, strict=True))
