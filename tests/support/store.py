"""Databases for tests: SQLite always; PostgreSQL where SLACKOPS_TEST_POSTGRES_URL names a server to make one on."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.adapters.store_sql import Database, migrate
from bot.adapters.store_sql.schema import metadata

POSTGRES = "SLACKOPS_TEST_POSTGRES_URL"
BACKENDS = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file: copying it is faster than migrating for every test."""
    path = tmp_path_factory.mktemp("store") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this test process's own, dropped at the end."""
    if POSTGRES not in os.environ:
        pytest.skip(f"PostgreSQL: set {POSTGRES} to a server's URL to run this")
    server = make_url(os.environ[POSTGRES]).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"slackops_test_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def open_sqlite(template: Path, directory: Path) -> Database:
    """A fresh SQLite database."""
    path = directory / "slackops.sqlite3"
    shutil.copy(template, path)
    return Database(f"sqlite:///{path}", wait=2)


def open_postgres(url: str) -> Database:
    """The process's PostgreSQL database, migrated and empty."""
    database = Database(url, wait=2)
    migrate(database)
    with database.write() as connection:
        for table in metadata.sorted_tables:
            connection.execute(text(f"TRUNCATE {table.name} RESTART IDENTITY"))
    return database


def open_database(backend: str, request: pytest.FixtureRequest, directory: Path) -> Database:
    """A fresh database of this kind, or a skip that says why."""
    if backend == "sqlite":
        return open_sqlite(request.getfixturevalue("sqlite_template"), directory)
    return open_postgres(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated database, once for each backend."""
    opened = open_database(request.param, request, tmp_path)
    yield opened
    opened.close()
