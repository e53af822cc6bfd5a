"""Brings the schema up to date at start. Several processes may start at once: one migrates, the others wait for it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.adapters.store_sql.engine import Database
from bot.errors import Fatal

HEAD = "0007"
"""The newest revision under ``migrations/versions``; a test holds the two together."""

_ADVISORY_LOCK = 0x51AC_0095
_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring the schema to ``HEAD``. Raises Fatal when the database is newer than this release."""
    # Alembic takes a while to import; a start that finds the schema up to date does without.
    if _revision(database) == HEAD:
        return
    with _alone(database) as connection:
        _upgrade(connection)


def _revision(database: Database) -> str | None:
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """Concurrent CREATE TABLE IF NOT EXISTS races, on PostgreSQL too: so a lock around the whole migration."""
    with _file_locked(database) if database.is_sqlite else _nothing(), database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        yield connection


@contextmanager
def _file_locked(database: Database) -> Iterator[None]:
    with Path(f"{database.url.database}.migrate").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Fatal(f"the database was made by a newer release of SlackOps than this one: {error}") from error
