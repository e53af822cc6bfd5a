"""The database: SQLite in WAL mode, or PostgreSQL by URL. Failures become StoreUnavailable here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.schema import Table

from bot.errors import Fatal, StoreUnavailable

_IMMEDIATE = "slackops_immediate"


class Database:
    """Connections and transactions. ``wait`` is how long a locked or unreachable database is waited for, in seconds."""

    def __init__(self, url: str, *, wait: float = 5.0, connections: int = 10) -> None:
        self.url = _driver_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url, wait) if self.is_sqlite else _postgresql(self.url, wait, connections)
        # SQLite takes the write lock at BEGIN: a read that turns into a write could only fail as "database is locked".
        self._writes = self.engine.execution_options(**{_IMMEDIATE: True})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises StoreUnavailable."""
        with _failures_named(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on an error. Raises StoreUnavailable.

        IntegrityError passes through: what a broken constraint means is the caller's to say.
        """
        with _failures_named(), self._writes.begin() as connection:
            yield connection

    def insert(self, table: Table) -> Any:
        """The dialect's INSERT, with its ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout) as error:
        # The driver's words only: SQLAlchemy's own text would add the statement and its parameters.
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"the database did not answer: {type(cause).__name__}: {cause}") from error


def _driver_url(text: str) -> URL:
    url = make_url(text)
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise Fatal("DATABASE_URL must name a file: SQLite in memory would lose the inbox at the first restart")
    return url


def _sqlite(url: URL, wait: float) -> Engine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": wait})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to send; https://docs.python.org/3.11/library/sqlite3.html
    cursor = connection.cursor()
    # FULL syncs the log at each commit: what was acknowledged survives a power cut, https://sqlite.org/pragma.html
    # A checkpoint stops whoever commits meanwhile: one every 32 MB of log instead of every 4.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgresql(url: URL, wait: float, connections: int) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=wait,
        pool_pre_ping=True,
        connect_args={"connect_timeout": max(2, int(wait)), "options": f"-c lock_timeout={int(wait * 1000)}"},
    )
