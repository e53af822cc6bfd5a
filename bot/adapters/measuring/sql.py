"""A SQL query as a table."""

from __future__ import annotations

import decimal
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.adapters.measuring.kinds import ColumnKind, kind_of
from bot.errors import Reason, Refused, Transient

ROWS_AT_ONCE = 10_000
CONNECT_SECONDS, QUERY_SECONDS = 10, 900.0
_SQLITE_STEPS = 100_000
_STOPPED = ("57014", "SQLITE_INTERRUPT")
"""How PostgreSQL and SQLite say that a statement took too long."""
_VALUE = re.compile(r""": ["'].*$""")
READS = ("select", "with", "values", "table")


class SqlTable:
    """``query`` is asked anew for every reading, each time for QUERY_SECONDS at the most. ``variable`` names where the
    URL ``url`` came from, which itself is never told: it may hold a password. What would write is refused, by its first
    word and by the database."""

    identity = ""

    def __init__(self, query: str, url: str, variable: str) -> None:
        if query.split(None, 1)[0].lower() not in READS:
            raise _unreadable(variable, "the query does not begin with SELECT or WITH")
        self._query, self._url, self._variable = query, url, variable
        self._columns: Mapping[str, ColumnKind] | None = None

    def columns(self) -> Mapping[str, ColumnKind]:
        """As the protocol says: by the first rows that hold a value. Asked once."""
        if self._columns is None:
            self._columns = self._first()
        return self._columns

    def _first(self) -> Mapping[str, ColumnKind]:
        found: dict[str, ColumnKind] = {}
        for batch in self.batches(()):
            for name, column in batch.items():
                if found.get(name, ColumnKind.EMPTY) is ColumnKind.EMPTY:
                    found[name] = kind_of(column.type)
            if ColumnKind.EMPTY not in found.values():
                break
        return found

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """As the protocol says; all columns without ``names``."""
        until = time.monotonic() + QUERY_SECONDS
        try:
            url = _with_driver(self._url)
            engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=_patience(url))
            with engine.connect() as connection:
                for batch in self._rows(connection, names, until):
                    if time.monotonic() > until:
                        raise self._late()
                    yield batch
        except OperationalError as error:
            if _is_stopped(error):
                raise self._late() from error
            raise Transient(f"The database of `{self._variable}` could not be asked: {_cause(error)}") from error
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise _unreadable(self._variable, _cause(error)) from error

    def _late(self) -> Refused:
        return _unreadable(self._variable, f"it takes longer than {QUERY_SECONDS / 60:.0f} minutes")

    def _rows(self, connection: sa.Connection, names: Sequence[str], until: float) -> Iterator[Mapping[str, Any]]:
        _read_only(connection, until)
        asked = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE, no_parameters=True)
        result = asked.exec_driver_sql(self._query)
        keys = list(result.keys())
        if not result.closed:
            at = {name: keys.index(name) for name in (names or keys) if name in keys}
            first = True
            for rows in result.partitions(ROWS_AT_ONCE):
                yield {name: _array([row[place] for row in rows]) for name, place in at.items()}
                first = False
            if first:
                yield {name: pa.nulls(0) for name in at}


def _with_driver(text: str) -> sa.URL:
    """PostgreSQL by the driver that the bot itself has, as DATABASE_URL is read."""
    url = sa.make_url(text)
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _patience(url: sa.URL) -> dict[str, Any]:
    """How long a connection may take, as each driver calls it."""
    names = {"postgresql": "connect_timeout", "mysql": "connect_timeout", "sqlite": "timeout"}
    name = names.get(url.get_backend_name())
    return {name: CONNECT_SECONDS} if name else {}


def _read_only(connection: sa.Connection, until: float) -> None:
    """What would write fails, and what takes too long is stopped."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > until, _SQLITE_STEPS)
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(QUERY_SECONDS * 1000)}")


def _array(values: list[Any]) -> Any:
    """Numbers of several types become floats, all else that does not go together text."""
    plain = [float(value) if isinstance(value, decimal.Decimal) else value for value in values]
    if any(isinstance(value, float) for value in plain):
        plain = [float(value) if type(value) is int else value for value in plain]
    try:
        return pa.array(plain)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if value is None else str(value) for value in plain], pa.string())


def _is_stopped(error: OperationalError) -> bool:
    return any(getattr(error.orig, name, None) in _STOPPED for name in ("sqlstate", "sqlite_errorname"))


def _cause(error: Exception) -> str:
    """The database's own words, without the statement, the URL, and the value that it stumbled over."""
    original = getattr(error, "orig", None)
    words = type(error).__name__ if original is None else next(iter(str(original).splitlines()), "")
    return _VALUE.sub("", words)[:200]


def _unreadable(variable: str, why: str) -> Refused:
    return Refused(
        Reason.DATA_UNREADABLE,
        f"The query on the database of `{variable}` cannot be read: {why}.",
        "Check the query in the policy's `drift.runs`, and what the database's user may read.",
    )
