"""CSV files as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import csv

from bot.adapters.measuring.kinds import ColumnKind, kind_of
from bot.adapters.measuring.places import find, identity, reading
from bot.adapters.own_places import OwnPlaces

BLOCK_BYTES = 4 << 20
_TABS = re.compile(r"\.tsv(\.\w+)?$")
_CULPRIT = re.compile(r"In CSV column #(\d+)")


class CsvTable:
    """``path``: a file, a folder, a glob or a URI. The first line names the columns; of two with one name the first
    counts. Names that end in `.tsv` are parted by tabs.

    Arrow takes a column's type from the first few megabytes. Where a later value does not fit, the column is read as
    floats, and where that does not help, as text, from then on.
    """

    def __init__(self, path: str, own: OwnPlaces) -> None:
        self._path = path
        self._places = find(path, own)
        self.identity = identity(self._places)
        self._types: dict[str, Any] = {}
        self._checked = False

    def columns(self) -> Mapping[str, ColumnKind]:
        """As the protocol says. Reads everything once, to know the types."""
        with reading(self._path):
            while not self._checked:
                self._checked = all(self._fits(place) for place in self._places)
        return {name: kind_of(type_) for name, type_ in self._types.items()}

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """As the protocol says."""
        self.columns()
        for place in self._places:
            with reading(self._path), self._reader(place) as reader:
                known = reader.schema.names
                there = {name: known.index(name) for name in names if name in known}
                for batch in reader:
                    yield {name: batch.column(at) for name, at in there.items()}

    def _fits(self, place: Any) -> bool:
        names: list[str] = []
        try:
            with self._reader(place) as reader:
                names = reader.schema.names
                for one in reader.schema:
                    if self._types.get(one.name, pa.null()) == pa.null():
                        self._types[one.name] = one.type
                    elif one.type != self._types[one.name]:
                        return False
                for _ in reader:
                    pass
        except pa.ArrowInvalid as error:
            culprit = _CULPRIT.search(str(error))
            if culprit is None or not self._wider(names, int(culprit[1])):
                raise
            return False
        return True

    def _wider(self, names: list[str], number: int) -> bool:
        """Whether there is a wider type for the column."""
        name = names[number] if number < len(names) else next(iter(list(self._types)[number : number + 1]), None)
        if name is None or self._types.get(name) == pa.string():
            return False
        whole = name in self._types and pa.types.is_integer(self._types[name])
        self._types[name] = pa.float64() if whole else pa.string()
        return True

    def _reader(self, place: Any) -> Any:
        known = {name: type_ for name, type_ in self._types.items() if type_ != pa.null()}
        return csv.open_csv(
            place.stream(),
            read_options=csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
            parse_options=csv.ParseOptions(delimiter="\t" if _TABS.search(place.path) else ","),
            convert_options=csv.ConvertOptions(column_types=known, strings_can_be_null=True),
        )
