"""What a column holds, and its values as numpy or Python has them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bot.adapters.measuring.sampled import Values

LONGEST_LABEL = 200


class ColumnKind(StrEnum):
    """By what it can be compared. ``empty``: no value has been seen."""

    FLOAT = "float"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    EMPTY = "empty"
    OTHER = "other"

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self in {ColumnKind.FLOAT, ColumnKind.INTEGER}

    @property
    def label(self) -> bool:
        """Whether its values are names."""
        return self in {ColumnKind.BOOLEAN, ColumnKind.TEXT}


def kind_of(type_: Any) -> ColumnKind:
    """Of an Arrow type."""
    if pa.types.is_dictionary(type_):
        return kind_of(type_.value_type)
    found = ColumnKind.OTHER
    tests = (
        (ColumnKind.INTEGER, pa.types.is_integer),
        (ColumnKind.FLOAT, lambda one: pa.types.is_floating(one) or pa.types.is_decimal(one)),
        (ColumnKind.BOOLEAN, pa.types.is_boolean),
        (ColumnKind.TEXT, lambda one: pa.types.is_string(one) or pa.types.is_large_string(one)),
        (ColumnKind.TEXT, lambda one: hasattr(pa.types, "is_string_view") and pa.types.is_string_view(one)),
        (ColumnKind.TIME, lambda one: pa.types.is_timestamp(one) or pa.types.is_date(one)),
        (ColumnKind.EMPTY, pa.types.is_null),
    )
    return next((kind for kind, test in tests if test(type_)), found)


def numbers(column: Any) -> tuple[Values, int, int]:
    """Finite values, how many are missing (null or NaN), and how many are infinite."""
    rows, nulls = len(column), column.null_count
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if nulls:
        column = column.drop_null()
    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.float64())
    values = column.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    good = np.isfinite(values)
    if good.all():
        return values, nulls, 0
    infinite = int(np.isinf(values).sum())
    kept = values[good]
    return kept, rows - len(kept) - infinite, infinite


def labels(column: Any) -> tuple[dict[str, int], int]:
    """How often each value stands there, by its name, and how many are missing."""
    if kind_of(column.type) is ColumnKind.FLOAT:
        column = pc.if_else(pc.is_nan(pc.cast(column, pa.float64())), None, column)
    counted = pc.value_counts(column)
    found: dict[str, int] = {}
    missing = 0
    for value, count in zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True):
        if value is None:
            missing += count
        else:
            name = label(value)
            found[name] = found.get(name, 0) + count
    return found, missing


def label(value: object) -> str:
    """A value's name: that of 3.0 is 3, since integers with missing values come as floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= LONGEST_LABEL else text[:LONGEST_LABEL] + "…"
