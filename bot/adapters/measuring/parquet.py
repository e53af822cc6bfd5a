"""Parquet files as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow.parquet as pq

from bot.adapters.measuring.kinds import ColumnKind, kind_of
from bot.adapters.measuring.places import find, identity, reading
from bot.adapters.measuring.table import ROWS_AT_ONCE
from bot.adapters.own_places import OwnPlaces


class ParquetTable:
    """``path``: a file, a folder, a glob or a URI. Columns are those of all files together."""

    def __init__(self, path: str, own: OwnPlaces) -> None:
        self._path = path
        self._places = find(path, own)
        self.identity = identity(self._places)

    def columns(self) -> Mapping[str, ColumnKind]:
        """As the protocol says."""
        found: dict[str, ColumnKind] = {}
        for place in self._places:
            with reading(self._path), place.open() as opened:
                for one in pq.read_schema(opened):
                    kind = kind_of(one.type)
                    if found.get(one.name, ColumnKind.EMPTY) is ColumnKind.EMPTY:
                        found[one.name] = kind
        return found

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """As the protocol says."""
        for place in self._places:
            with reading(self._path), place.open() as opened:
                file = pq.ParquetFile(opened, pre_buffer=False)
                there = [name for name in names if name in file.schema_arrow.names]
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=there, use_threads=False):
                    yield dict(zip(batch.schema.names, batch.columns, strict=True))
