"""The contract of the intake: the fake, SQLite, PostgreSQL; and what only the group-commit writer can do wrong."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import Database, SqlInbox, SqlIntake
from bot.domain.commands import Promote
from bot.domain.people import Person
from bot.errors import StoreUnavailable
from bot.ports.inbox import Inbox, Intake
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox, FakeIntake
from tests.support.store import BACKENDS, open_database, open_sqlite


def promote(model: str = "churn") -> Promote:
    return Promote(by=Person(team="T1", user="U1"), model=model, version="4")


@pytest.fixture(params=["fake", *BACKENDS])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Intake, Inbox]]:
    clock = FakeClock()
    if request.param == "fake":
        inbox = FakeInbox(clock)
        yield FakeIntake(inbox), inbox
        return
    database = open_database(request.param, request, tmp_path)
    intake = SqlIntake(database, clock)
    intake.start()
    yield intake, SqlInbox(database, clock)
    intake.stop()
    database.close()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    database = open_sqlite(sqlite_template, tmp_path)
    yield database
    database.close()


async def test_put_is_there_when_it_returns(both: tuple[Intake, Inbox]) -> None:
    intake, inbox = both
    written = await intake.put("k", promote())
    row = inbox.claim("w", 30)
    assert row is not None
    assert (row.id, row.key, row.command) == (written, "k", promote())


async def test_a_key_is_taken_once(both: tuple[Intake, Inbox]) -> None:
    intake, inbox = both
    answers = await asyncio.gather(*(intake.put("k", promote()) for _ in range(20)))
    assert sum(a is not None for a in answers) == 1
    assert await intake.put("k", promote()) is None
    assert inbox.put("k", promote()) is None


async def test_many_at_once_are_all_there_in_order(both: tuple[Intake, Inbox]) -> None:
    intake, inbox = both
    ids = await asyncio.gather(*(intake.put(f"k{n}", promote(f"m{n}")) for n in range(300)))
    rows = [inbox.claim("w", 30) for _ in range(300)]
    assert [r.id for r in rows if r] == list(ids)


async def test_callers_share_a_commit(sqlite: Database) -> None:
    batches: list[int] = []
    intake = SqlIntake(sqlite, FakeClock(), on_put=lambda: batches.append(1))
    intake.start()
    puts = [asyncio.ensure_future(_started(intake, f"k{n}")) for n in range(200)]
    await asyncio.gather(*puts)
    intake.stop()
    assert len(batches) < 20


async def _started(intake: SqlIntake, key: str) -> str | None:
    return await intake.put(key, promote())


async def test_a_locked_database_is_said_to_be_unavailable(sqlite_template: Path, tmp_path: Path) -> None:
    open_sqlite(sqlite_template, tmp_path).close()
    path = tmp_path / "slackops.sqlite3"
    database = Database(f"sqlite:///{path}", wait=0.1)
    intake = SqlIntake(database, FakeClock())
    intake.start()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await intake.put("k", promote())
    holder.execute("ROLLBACK")
    holder.close()
    assert await intake.put("k", promote()) is not None
    intake.stop()
    database.close()


async def test_patience_ends_before_slack_gives_up(sqlite: Database, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "slackops.sqlite3", isolation_level=None)
    intake = SqlIntake(sqlite, FakeClock(), patience=0.1)
    intake.start()
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="too long"):
        await intake.put("k1", promote())
    with pytest.raises(StoreUnavailable, match="too long"):
        await intake.put("k2", promote())
    holder.execute("ROLLBACK")
    holder.close()
    intake.stop()


async def test_a_full_queue_refuses_at_once(sqlite: Database, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "slackops.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    intake = SqlIntake(sqlite, FakeClock(), patience=1, bound=2, batch=1)
    intake.start()
    waiting = [asyncio.ensure_future(_started(intake, f"k{n}")) for n in range(8)]
    refused = await asyncio.gather(*waiting, return_exceptions=True)
    holder.execute("ROLLBACK")
    holder.close()
    intake.stop()
    assert sum("too many" in str(r) for r in refused) >= 5


async def test_stop_writes_what_is_queued_and_then_refuses(sqlite: Database) -> None:
    intake = SqlIntake(sqlite, FakeClock())
    intake.start()
    puts = [asyncio.ensure_future(_started(intake, f"k{n}")) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(intake.stop)
    assert all(isinstance(answer, str) for answer in await asyncio.gather(*puts))
    with pytest.raises(StoreUnavailable, match="closed"):
        await intake.put("late", promote())


async def test_the_store_going_away_is_unavailable_not_a_crash(sqlite: Database) -> None:
    intake = SqlIntake(sqlite, FakeClock())
    intake.start()
    with sqlite.write() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO gone")
    with pytest.raises(StoreUnavailable):
        await intake.put("k", promote())
    with sqlite.write() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO inbox")
    assert await intake.put("k", promote()) is not None
    intake.stop()
