"""Many new rows in one statement, on a connection of the writer's own.

Beside a busy event loop a thread may wait 5 ms whenever it wants Python's interpreter lock back, and SQLite's driver
lets go of it at every step. So on SQLite a batch travels as one JSON text and is one statement: it begins, writes,
syncs and commits in a single step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import PoolProxiedConnection

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import inbox
from bot.errors import StoreUnavailable

_COLUMNS = ("id", "key", "kind", "order_key", "body", "state", "attempts", "due_at", "created_at")
_FIELDS = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(_COLUMNS)))
_INSERT = (
    f"INSERT INTO inbox ({', '.join(_COLUMNS)}) SELECT {_FIELDS} FROM json_each(?) WHERE true "  # noqa: S608
    "ORDER BY json_each.key ON CONFLICT (key) DO NOTHING"
)
_WRITTEN = "SELECT id FROM inbox WHERE id IN (SELECT value FROM json_each(?))"


class BatchInsert(Protocol):
    """Inserts rows of the inbox in one transaction; those whose key is there already are left out."""

    def __call__(self, rows: Sequence[dict[str, Any]]) -> frozenset[str]:
        """The ids of the rows that were written. Raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


def batch_insert(database: Database) -> BatchInsert:
    """The way that suits the database."""
    return _OneStep(database) if database.is_sqlite else _OneTransaction(database)


class _OneTransaction:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._insert = database.insert(inbox).on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.id)

    def __call__(self, rows: Sequence[dict[str, Any]]) -> frozenset[str]:
        with self._db.write() as connection:
            return frozenset(connection.execute(self._insert, rows).scalars())

    def close(self) -> None:
        """Nothing is kept between batches."""


class _OneStep:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._connection: PoolProxiedConnection | None = None

    def __call__(self, rows: Sequence[dict[str, Any]]) -> frozenset[str]:
        ids = [row["id"] for row in rows]
        told = json.dumps([[row[column] for column in _COLUMNS] for row in rows])
        with self._cursor() as cursor:
            cursor.execute(_INSERT, (told,))
            if cursor.rowcount == len(rows):
                return frozenset(ids)
            cursor.execute(_WRITTEN, (json.dumps(ids),))
            return frozenset(found for (found,) in cursor)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """In autocommit: the driver was told to begin nothing by itself."""
        failed = self._db.engine.dialect.loaded_dbapi.Error
        try:
            if self._connection is None:
                self._connection = self._db.engine.raw_connection()
            cursor = self._connection.cursor()
            yield cursor
            cursor.close()
        except failed as error:
            self.close()
            raise StoreUnavailable(f"the database did not answer: {type(error).__name__}: {error}") from error
