"""Queries that write, and queries that take too long: SQLite, and PostgreSQL where there is a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.adapters.measuring import sql
from bot.adapters.measuring.kinds import ColumnKind
from bot.adapters.measuring.sql import SqlTable
from bot.errors import Reason, Refused, Transient
from tests.support.store import postgres_url  # noqa: F401  (a fixture)

ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select {what} from n"
COLUMNS = {"a": ColumnKind.INTEGER, "b": ColumnKind.FLOAT, "c": ColumnKind.TEXT, "d": ColumnKind.TIME}


def refused(query: str, url: str) -> str:
    with pytest.raises(Refused) as told:
        list(SqlTable(query, url, "SCORES").batches(()))
    assert told.value.reason is Reason.DATA_UNREADABLE
    return told.value.message


@pytest.mark.parametrize("what", ["count(*)", "x"], ids=["before_a_row", "row_by_row"])
def test_a_query_that_does_not_end_is_stopped(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "QUERY_SECONDS", 0)
    assert "takes longer than" in refused(ENDLESS.format(what=what), "sqlite://")


def test_what_a_query_gives_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    table, asked = SqlTable("select 1 as a", "sqlite://", "SCORES"), []
    monkeypatch.setattr(sql, "_read_only", lambda *_: asked.append(1))
    assert table.columns() == table.columns() == {"a": ColumnKind.INTEGER}
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@h:port/d", "s3cret"])
def test_an_address_that_is_none_is_refused_and_not_told(url: str) -> None:
    assert "s3cret" not in refused("select 1", url)


@pytest.fixture(scope="module")
def seen(postgres_url: str) -> Iterator[str]:  # noqa: F811
    """A table of 25,000 rows, and a function that empties it."""
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create table drift_rows as select i as a, i / 3.0 as b, 'n' || mod(i, 3) as c, now() as d"
            " from generate_series(1, 25000) i"
        )
        connection.exec_driver_sql(
            "create function emptied() returns int language plpgsql as"
            " $$ begin delete from drift_rows; return 1; end; $$"
        )
    yield postgres_url
    with engine.begin() as connection:
        connection.exec_driver_sql("drop function emptied()")
        connection.exec_driver_sql("drop table drift_rows")
    engine.dispose()


def test_postgresql_is_streamed(seen: str) -> None:
    table = SqlTable("select * from drift_rows where c like 'n%' and c <> '%s';", seen, "SCORES")
    assert table.columns() == COLUMNS
    assert [len(batch["b"]) for batch in table.batches(("b",))] == [10_000, 10_000, 5_000]


@pytest.mark.parametrize(
    "query",
    [
        "select emptied()",
        "with gone as (delete from drift_rows returning *) select * from gone",
        "select 1; commit; delete from drift_rows",
        "select set_config('transaction_read_only', 'off', false) union all select emptied()::text",
    ],
    ids=["function", "cte", "several", "setting"],
)
def test_postgresql_writes_nothing(query: str, seen: str) -> None:
    refused(query, seen)
    [[left]] = [
        batch["n"].to_pylist() for batch in SqlTable("select count(*) as n from drift_rows", seen, "S").batches(())
    ]
    assert left == 25_000


def test_no_value_is_told(seen: str) -> None:
    told = refused("select c::int from drift_rows", seen)
    assert "invalid input syntax for type integer" in told
    assert "n1" not in told


def test_postgresql_is_stopped(seen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "QUERY_SECONDS", 0.05)
    assert "takes longer than" in refused("select pg_sleep(60)", seen)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(Transient, match="SCORES"):
        SqlTable("select 1", "postgresql://127.0.0.1:1/none", "SCORES").columns()
