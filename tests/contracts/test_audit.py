"""The contract of the audit chain: the fake, SQLite, PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.adapters.store_sql import Database, SqlAudit, SqlChanges
from bot.domain.audit import AuditEntry, AuditHead
from bot.domain.audit_verify import verify
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.ports import Audit, Changes
from bot.usecases.audit_check import EVERY
from tests.fakes.audit import FakeAudit
from tests.fakes.records import FakeChanges
from tests.support.store import BACKENDS, database, open_database, postgres_url, sqlite_template

__all__ = ["database", "postgres_url", "sqlite_template"]


@dataclass
class Store:
    audit: Audit
    changes: Changes


@pytest.fixture(params=["fake", *BACKENDS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "fake":
        audit = FakeAudit()
        yield Store(audit, FakeChanges(audit))
        return
    opened = open_database(request.param, request, tmp_path)
    yield Store(SqlAudit(opened), SqlChanges(opened))
    opened.close()


def entry(key: str, **more: Any) -> AuditEntry:
    return AuditEntry(**{"key": key, "what": "proposed", "at": 1.5, "by": "slack:T1/U1", "model": "fraud", **more})


def change() -> Change:
    intent = Intent(Action.PROMOTE, "fraud", "production", "1", "2", None, ())
    return Change("01A", intent, (), None, 1.0, "b", "branch")


def test_rows_are_chained_in_the_order_they_came(store: Store) -> None:
    assert store.audit.head() == AuditHead()
    assert store.audit.append(entry("a"), entry("b")) == 2
    assert store.audit.append(entry("c", model="churn", change="01A")) == 1
    rows = list(store.audit.rows())
    assert [(row.seq, row.entry.key) for row in rows] == [(1, "a"), (2, "b"), (3, "c")]
    assert verify(rows).whole
    assert store.audit.head() == AuditHead(3, rows[-1].hash)
    assert [row.seq for row in store.audit.rows(after=1)] == [2, 3]
    assert [row.seq for row in store.audit.of_model("fraud")] == [2, 1]
    assert [row.seq for row in store.audit.of_model("fraud", 1)] == [2]
    assert [row.seq for row in store.audit.of_change("01A")] == [3]


def test_a_key_is_told_once(store: Store) -> None:
    assert store.audit.append(entry("a"), entry("a", why="again")) == 1
    assert store.audit.append(entry("a"), entry("b")) == 1
    assert [row.entry.key for row in store.audit.rows()] == ["a", "b"]


def test_what_json_cannot_hold_is_kept_readable(store: Store) -> None:
    told = {"half": "\ud83d", "far": 2**70, "never": float("inf"), "zero": "\x00", "list": (1, None), 7: "seven"}
    store.audit.append(entry("a", why="half a character: \ud83d", evidence=told), entry("b"))
    rows = list(store.audit.rows())
    assert verify(rows).whole
    assert [row.seq for row in store.audit.of_model("fraud")] == [2, 1]


def test_names_that_no_database_holds_are_kept_readable(store: Store) -> None:
    odd = entry("half \ud83d", what="no\x00thing", model="fraud\x00\ud83d", change="01\x00", by="slack:T1/\x00")
    assert store.audit.append(odd) == 1
    assert store.audit.append(odd) == 0
    rows = list(store.audit.rows())
    assert verify(rows).whole
    assert [row.seq for row in store.audit.of_model(rows[0].entry.model or "")] == [1]


def test_a_row_goes_in_with_the_change_that_it_tells_of(store: Store) -> None:
    store.changes.add(change(), entry("proposed"))
    store.changes.update("01A", lambda c: replace(c, state=ChangeState.OPEN), entry("opened"))
    store.changes.update("01A", lambda c: c, entry("nothing was done"))
    assert [row.entry.key for row in store.audit.rows()] == ["proposed", "opened"]


def test_an_edit_that_is_refused_leaves_no_row(store: Store) -> None:
    store.changes.add(change())

    def edit(_: Change) -> Change:
        raise RuntimeError("refused")

    with pytest.raises(RuntimeError):
        store.changes.update("01A", edit, entry("held"))
    assert list(store.audit.rows()) == []


def test_many_writers_make_one_chain(store: Store) -> None:
    begin = threading.Barrier(4)

    def write(name: str) -> None:
        begin.wait()
        for number in range(10):
            store.audit.append(entry(f"{name}{number}"), entry(f"shared{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = verify(store.audit.rows())
    assert (told.whole, told.rows) == (True, 50)


TAMPERED = [
    ("UPDATE audit SET model = 'other' WHERE seq = 2", 2),
    ("UPDATE audit SET change_id = '01X' WHERE seq = 2", 2),
    ("UPDATE audit SET at = 9 WHERE seq = 2", 2),
    ("UPDATE audit SET what = 'merged' WHERE seq = 2", 2),
    ("UPDATE audit SET key = 'x' WHERE seq = 2", 2),
    ("UPDATE audit SET body = replace(body, 'fraud', 'churn') WHERE seq = 2", 2),
    ("UPDATE audit SET body = replace(body, '{', '{ ') WHERE seq = 2", 2),
    ('UPDATE audit SET body = replace(body, \'{"at"\', \'{"added":1,"at"\') WHERE seq = 2', 2),
    ("UPDATE audit SET body = '[]' WHERE seq = 2", 2),
    ("UPDATE audit SET body = 'no json' WHERE seq = 2", 2),
    ("UPDATE audit SET hash = before WHERE seq = 2", 2),
    ("UPDATE audit SET before = hash WHERE seq = 2", 2),
    ("DELETE FROM audit WHERE seq = 2", 2),
    ("UPDATE audit SET seq = 9 WHERE seq = 3", 3),
    ("UPDATE audit SET seq = 0 WHERE seq = 1", 0),
]


@pytest.mark.parametrize(("sql", "seq"), TAMPERED, ids=lambda value: str(value)[:60])
def test_whatever_is_done_in_the_database_is_found(sql: str, seq: int, database: Database) -> None:
    audit = SqlAudit(database)
    audit.append(entry("a"), entry("b"), entry("c"))
    with database.write() as connection:
        assert connection.execute(text(sql.replace(":", "\\:"))).rowcount == 1
    told = verify(audit.rows(after=EVERY))
    assert told.faults
    assert told.faults[0].seq == seq
