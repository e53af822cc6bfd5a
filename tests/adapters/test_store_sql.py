"""What the SQL store must be beyond its ports: migrated once, sealed, durable, fenced under real concurrency."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.adapters.store_sql import Database, SqlChanges, SqlInbox, SqlLinks, SqlLinkTokens, migrate
from bot.adapters.store_sql.migrate import HEAD
from bot.adapters.store_sql.schema import metadata
from bot.domain.commands import Promote, Reconcile
from bot.domain.people import Person
from bot.errors import Fatal, Refused, StoreUnavailable
from bot.ports.links import LinkedAccount
from bot.ports.records import ChangeExists
from tests.contracts.test_records import change
from tests.fakes.clock import FakeClock
from tests.support.store import BACKENDS, database, postgres_url, sqlite_template

__all__ = ["database", "postgres_url", "sqlite_template"]

ANA = Person(team="T1", user="UANA")


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__code__.co_filename).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_make_the_schema(database: Database) -> None:
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def _migrate(url: str, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    opened = Database(url)
    migrate(opened)
    migrate(opened)
    answers.put("ok")  # type: ignore[attr-defined]


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a single table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'a.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    opened = Database(url)
    with opened.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    opened.close()
    return url


def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(3), context.Queue()
    processes = [context.Process(target=_migrate, args=(empty_url, start, answers)) for _ in range(3)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == ["ok"] * 3
    for process in processes:
        process.join()


def test_a_newer_database_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(Fatal, match="newer release"):
            migrate(database)
    finally:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})


def test_sqlite_is_durable(sqlite_template: Path) -> None:
    opened = Database(f"sqlite:///{sqlite_template}")
    with opened.read() as connection:
        pragmas = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    opened.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(Fatal, match="memory"):
        Database(url)


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_postgresql_urls_mean_psycopg(url: str) -> None:
    assert Database(url).url.drivername == "postgresql+psycopg"


def test_a_server_that_is_not_there_is_unavailable_and_no_secret_is_told() -> None:
    opened = Database("postgresql://user:hunter2@127.0.0.1:1/d", wait=1)
    with pytest.raises(StoreUnavailable) as raised, opened.read():
        pass
    assert "hunter2" not in str(raised.value)


def test_many_workers_never_share_a_row_or_an_order(database: Database) -> None:
    clock, seen, lock = FakeClock(), [], threading.Lock()
    inbox = SqlInbox(database, clock)
    running: set[int] = set()
    for n in range(60):
        inbox.put(f"k{n}", Reconcile(number=n % 6))

    def work(owner: int) -> None:
        for _ in range(200):
            row = inbox.claim(f"w{owner}", 30)
            if row is None:
                if inbox.counts()["waiting"] == 0:
                    return
                continue
            assert isinstance(row.command, Reconcile)
            with lock:
                assert row.command.number not in running
                running.add(row.command.number)
                seen.append(row.key)
            with lock:
                running.discard(row.command.number)
            assert inbox.done(row)

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work, n) for n in range(4)]:
            future.result()
    assert sorted(seen) == sorted(f"k{n}" for n in range(60))
    for order in range(6):
        mine = [key for key in seen if int(key[1:]) % 6 == order]
        assert mine == sorted(mine, key=lambda k: int(k[1:]))


def test_two_who_add_at_once_get_one_change(database: Database) -> None:
    changes = SqlChanges(database)

    def add(n: int) -> bool:
        try:
            changes.add(change(f"01{n}"))
        except ChangeExists:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(8))) == 1


def test_updates_at_once_are_all_kept(database: Database) -> None:
    changes = SqlChanges(database)
    changes.add(replace(change(), number=0))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: changes.update("01A", lambda c: replace(c, number=(c.number or 0) + 1)), range(40)))
    found = changes.get("01A")
    assert found is not None
    assert found.number == 40


def test_a_row_of_another_release_is_a_dead_letter_and_blocks_nobody(database: Database) -> None:
    inbox = SqlInbox(database, FakeClock())
    inbox.put("old", Promote(by=ANA, model="churn", version="1"))
    with database.write() as connection:
        connection.execute(text("""UPDATE inbox SET body = '{"kind": "from_the_future"}'"""))
    after = inbox.put("new", Promote(by=ANA, model="churn", version="2"))
    row = inbox.claim("w", 30)
    assert row is not None
    assert row.id == after
    assert "not a command of this release" in inbox.dead()[0].error


def test_tokens_are_sealed_and_keys_rotate(database: Database) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    account = LinkedAccount(ANA, "ana", "gho_plain")
    SqlLinks(database, [old]).save(account)
    assert "gho_plain" not in _dump(database)
    assert "gho_plain" not in repr(account)
    both = SqlLinks(database, [new, old])
    assert both.of(ANA) == account
    assert SqlLinkTokens(database, [new, old]).rotate() == (1, 0)
    assert SqlLinks(database, [new]).of(ANA) == account
    with pytest.raises(Refused, match="cannot be opened"):
        SqlLinks(database, [old]).of(ANA)


def test_a_token_moved_to_another_row_opens_for_nobody(database: Database) -> None:
    links = SqlLinks(database, [Fernet.generate_key().decode()])
    links.save(LinkedAccount(ANA, "ana", "gho_plain"))
    with database.write() as connection:
        connection.execute(text("""UPDATE links SET "user" = 'UEVE'"""))
    with pytest.raises(Refused, match="cannot be opened"):
        links.of(Person(team="T1", user="UEVE"))


def _dump(database: Database) -> str:
    with database.read() as connection:
        return repr(connection.execute(text("SELECT * FROM links")).all())
