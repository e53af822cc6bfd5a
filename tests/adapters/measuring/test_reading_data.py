"""Parquet, CSV and SQL; what lies there, what does not, and which rows count."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.adapters.measuring import LateMeasuring, places
from bot.adapters.measuring.kinds import ColumnKind
from bot.adapters.measuring.measured import NumpyMeasuring
from bot.adapters.measuring.opening import open_table
from bot.adapters.measuring.table import ArrowTable
from bot.domain.drifting.measuring import DataSet, format_of
from bot.domain.drifting.windows import Kind, Verdict
from bot.errors import Reason, Refused, Transient
from tests.adapters.measuring.rig import NOW, measured, reading, run_of

KINDS = {"amount": ColumnKind.FLOAT, "count": ColumnKind.INTEGER, "kind": ColumnKind.TEXT}
ROWS = {"amount": [0.5, 1.5, None], "count": [1, 2, 3], "kind": ["a", "b", None]}


def everything(data: DataSet, names: tuple[str, ...], **environ: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in names}
    for batch in open_table(data, environ).batches(names):
        for name, column in batch.items():
            found[name] += column.to_pylist()
    return found


def database(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("create table seen (amount real, count integer, kind text)")
        connection.executemany("insert into seen values (?, ?, ?)", zip(*ROWS.values(), strict=True))
    return f"sqlite:///{path}"


@pytest.mark.parametrize("form", ["parquet", "csv", "sql"])
def test_every_format_gives_the_same(form: Any, tmp_path: Path) -> None:
    pq.write_table(pa.table(ROWS), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text("amount,count,kind\n0.5,1,a\n1.5,2,b\n,3,\n")
    url = database(tmp_path / "a.db")
    data = {
        "parquet": DataSet(str(tmp_path / "a.parquet")),
        "csv": DataSet(str(tmp_path / "a.csv"), format="csv"),
        "sql": DataSet(
            query="select amount, count, kind from seen where kind is not 'x%'", database="DRIFT_DB", format="sql"
        ),
    }[form]
    assert dict(open_table(data, {"DRIFT_DB": url}).columns()) == KINDS
    assert everything(data, tuple(ROWS), DRIFT_DB=url) == ROWS
    assert everything(data, ("count",), DRIFT_DB=url) == {"count": [1, 2, 3]}


@pytest.mark.parametrize("place", ["part-*.parquet", "", "**/part-?.parquet"])
def test_many_files_are_one_table(place: str, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "part-1.parquet")
    pq.write_table(pa.table({"a": [3], "b": ["x"]}), tmp_path / "part-2.parquet")
    pq.write_table(pa.table({"a": ["4", "many"], "b": pa.nulls(2)}), tmp_path / "part-3.parquet")
    table = open_table(DataSet(str(tmp_path / place) if place else str(tmp_path)))
    assert dict(table.columns()) == {"a": ColumnKind.INTEGER, "b": ColumnKind.TEXT}
    data = DataSet(str(tmp_path / place))
    found = NumpyMeasuring(open_table, lambda: NOW).measure(run_of(reference=data, current=data))
    assert found.rows == 5
    assert reading(found, "a", "missing", Kind.DATA_QUALITY).value == pytest.approx(0.2)  # `many` is no number
    assert reading(found, "b", "missing", Kind.DATA_QUALITY).value == pytest.approx(0.8)


def test_a_uri_is_read_as_a_path_is(tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    for number in (1, 2):
        pq.write_table(pa.table({"a": [number]}), tmp_path / "day" / f"{number}.parquet")
    root = f"file://{tmp_path}"
    for place, values in {"/day/*.parquet": [1, 2], "/day": [1, 2], "/day/2.parquet": [2]}.items():
        assert everything(DataSet(root + place), ("a",)) == {"a": values}


def test_a_store_that_does_not_answer_is_tried_again() -> None:
    with pytest.raises(Transient), places.reading("s3://bucket/a.parquet"):
        raise OSError("When reading information for key: AWS Error NETWORK_CONNECTION")
    with pytest.raises(Refused), places.reading("s3://bucket/a.parquet"):
        raise FileNotFoundError("no such key")
    with pytest.raises(Refused), places.reading("s3://bucket/a.parquet"):
        raise OSError("AWS Error ACCESS_DENIED during HeadObject operation")


def test_csv_whose_types_change_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.measuring.delimited.BLOCK_BYTES", 64)
    lines = [f"{n},{n},{n}" for n in range(100)] + ["1.5,word,7"] + [f"{n},{n},{n}" for n in range(20)]
    (tmp_path / "a.csv").write_text("\n".join(["float,text,whole", *lines, ""]))
    table = open_table(DataSet(str(tmp_path / "a.csv"), format="csv"))
    assert list(table.columns().values()) == [ColumnKind.FLOAT, ColumnKind.TEXT, ColumnKind.INTEGER]
    assert sum(len(batch["whole"]) for batch in table.batches(["whole"])) == 121


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.bz2", "a.tsv", "a.tsv.gz"])
def test_packed_files_and_tabs(name: str, tmp_path: Path) -> None:
    content = b"a,b,a\n1,x,2\n3,y,4\n".replace(b",", b"\t" if ".tsv" in name else b",")
    pack = {".gz": gzip.compress, ".bz2": bz2.compress}.get(Path(name).suffix, bytes)
    (tmp_path / name).write_bytes(pack(content))
    data = DataSet(str(tmp_path / name), format=format_of(name))
    assert everything(data, ("a", "b")) == {"a": [1, 3], "b": ["x", "y"]}  # of two with one name the first


UNREADABLE: dict[str, tuple[DataSet, bytes | None]] = {
    "nothing": (DataSet("{here}/none.parquet"), None),
    "no_match": (DataSet("{here}/*.none"), None),
    "truncated": (DataSet("{here}/file"), b"PAR1 and no more"),
    "not_parquet": (DataSet("{here}/file"), b"amount,count\n1,2\n"),
    "empty": (DataSet("{here}/file", format="csv"), b""),
    "ragged": (DataSet("{here}/file", format="csv"), b"a,b\n1,2\n1,2,3\n"),
    "unknown_scheme": (DataSet("gopher://bucket/file"), None),
    "no_variable": (DataSet(query="select 1", database="NO_SUCH_VARIABLE", format="sql"), None),
    "no_query": (DataSet(query=" ", database="DRIFT_DB", format="sql"), None),
    "a_write": (DataSet(query="delete from seen", database="DRIFT_DB", format="sql"), None),
    "a_hidden_write": (
        DataSet(query="with x as (select 1) delete from seen", database="DRIFT_DB", format="sql"),
        None,
    ),
    "no_table": (DataSet(query="select * from nothing", database="DRIFT_DB", format="sql"), None),
    "bad_url": (DataSet(query="select 1", database="BAD_URL", format="sql"), None),
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_is_refused_with_words(name: str, tmp_path: Path) -> None:
    declared, content = UNREADABLE[name]
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    data = DataSet(declared.path.format(here=tmp_path), declared.query, declared.database, declared.format)
    environ = {"DRIFT_DB": database(tmp_path / "a.db"), "BAD_URL": "nosuchdb://user:s3cret@host/db"}
    with pytest.raises((Refused, Transient)) as told:
        NumpyMeasuring(lambda one: open_table(one, environ)).measure(run_of(reference=data, current=data))
    assert "s3cret" not in str(told.value)
    if isinstance(told.value, Refused):
        assert told.value.reason is Reason.DATA_UNREADABLE
        assert told.value.unblock
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("select count(*) from seen").fetchone() == (3,)


def test_a_query_is_streamed_and_numbers_of_several_types_go_together(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table seen (a, b)")
        connection.executemany(
            "insert into seen values (?, ?)", [(n if n % 2 else n + 0.5, None) for n in range(25_000)]
        )
        connection.execute("insert into seen values ('word', 'late')")
    data = DataSet(query="select * from seen", database="DRIFT_DB", format="sql")
    table = open_table(data, {"DRIFT_DB": f"sqlite:///{tmp_path / 'a.db'}"})
    assert dict(table.columns()) == {"a": ColumnKind.FLOAT, "b": ColumnKind.TEXT}
    sizes = [len(batch["a"]) for batch in table.batches(["a"])]
    assert (sum(sizes), max(sizes)) == (25_001, 10_000)
    found = NumpyMeasuring(lambda one: table, lambda: NOW).measure(run_of())
    assert reading(found, "a", "missing", Kind.DATA_QUALITY).value == pytest.approx(1 / 25_001)


DAY = 86_400.0
MOMENTS: dict[str, Any] = {
    "timestamps": lambda at: [dt.datetime.fromtimestamp(one, dt.UTC) for one in at],
    "naive": lambda at: [dt.datetime.fromtimestamp(one, dt.UTC).replace(tzinfo=None) for one in at],
    "texts": lambda at: [dt.datetime.fromtimestamp(one, dt.UTC).isoformat() for one in at],
    "naive_texts": lambda at: [dt.datetime.fromtimestamp(one, dt.UTC).strftime("%Y-%m-%d %H:%M:%S") for one in at],
    "seconds": lambda at: at,
    "milliseconds": lambda at: [int(one * 1000) for one in at],
}


@pytest.mark.parametrize("form", sorted(MOMENTS))
def test_only_recent_rows_count(form: str) -> None:
    at = [NOW - DAY * number for number in (0.5, 0.7, 1.4, 3, 9)]
    data = DataSet("current", time="seen", last=DAY)
    current = {"a": [1.0, 2.0, 3.0, 4.0, 5.0], "seen": MOMENTS[form](at)}
    found = measured({"a": np.arange(50.0)}, current, current=data)
    assert (found.rows, found.end) == (3, pytest.approx(NOW - DAY / 2, abs=1))


def test_a_clock_that_is_ahead_does_not_hide_the_rest() -> None:
    at = [NOW - 20.0, NOW - 10.0, NOW + 10 * DAY, None]
    data = DataSet("current", time="seen", last=3600.0)
    found = measured({"a": np.arange(50.0)}, {"a": [1.0, 2, 3, 4], "seen": at}, current=data)
    assert (found.rows, found.end) == (3, NOW - 10.0)
    ahead = measured({"a": np.arange(50.0)}, {"a": [1.0], "seen": [NOW + DAY]}, current=data)
    assert (ahead.rows, ahead.end) == (1, NOW + DAY)


@pytest.mark.parametrize("seen", [["soon", "later"], [True, False], [[1], [2]]])
def test_a_column_that_tells_no_time_is_refused(seen: Any) -> None:
    with pytest.raises(Refused, match="does not tell when rows were seen"):
        measured({"a": [1.0, 2.0]}, {"a": [1.0, 2.0], "seen": seen}, current=DataSet("current", time="seen", last=9.0))
    with pytest.raises(Refused, match="there is no such column"):
        measured({"a": [1.0]}, {"a": [1.0]}, current=DataSet("current", time="seen"))


def test_a_reference_is_prepared_once_and_again_when_it_changes() -> None:
    reads: list[str] = []

    class Counted(ArrowTable):
        def batches(self, names: Any) -> Any:
            reads.append(self.identity)
            return super().batches(names)

    tables = {
        "reference": Counted(pa.table({"a": np.arange(50.0)}), "one"),
        "current": Counted(pa.table({"a": [1.0] * 9})),
    }
    measuring = NumpyMeasuring(lambda data: tables[data.path], lambda: NOW)
    first, second = measuring.measure(run_of()), measuring.measure(run_of())
    assert (reads, first) == (["one", "", ""], second)
    tables["reference"] = Counted(pa.table({"a": np.arange(60.0)}), "two")
    assert measuring.measure(run_of()).reference_rows == 60
    assert reads[3:] == ["two", ""]


def test_files_tell_when_they_change(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1.0]}), path)
    before = open_table(DataSet(str(path))).identity
    assert open_table(DataSet(str(path))).identity == before
    pq.write_table(pa.table({"a": [1.0, 2.0]}), path)
    assert open_table(DataSet(str(path))).identity != before


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.measuring.find_spec", lambda name: None)
    with pytest.raises(Refused) as told:
        LateMeasuring().measure(run_of())
    assert told.value.reason is Reason.NOT_SUPPORTED
    assert "slackops[drift]" in (told.value.unblock or "")


def test_the_port_measures_files(tmp_path: Path) -> None:
    random = np.random.RandomState(4)
    for name, by in (("reference", 0.0), ("current", 1.0)):
        pq.write_table(pa.table({"a": random.normal(by, 1, 500)}), tmp_path / f"{name}.parquet")
    run = run_of(**{name: DataSet(str(tmp_path / f"{name}.parquet")) for name in ("reference", "current")})
    found = LateMeasuring().measure(run)
    assert (reading(found, "").verdict, found.shapes[0].feature, found.notes) == (Verdict.BAD, "a", ())
