"""What no policy may have the bot read: its own files and the system's, as reports and as data, behind links too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.drift_files import StoredFiles
from bot.adapters.measuring.opening import open_table
from bot.adapters.measuring.sql import _with_driver
from bot.adapters.own_places import OwnPlaces
from bot.bootstrap import own_places
from bot.domain.drifting.measuring import DataSet
from bot.errors import Reason, Refused
from bot.settings import load_settings
from tests.settings.test_settings import ENV


@pytest.fixture
def own(tmp_path: Path) -> OwnPlaces:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "own.csv").write_text("token\nhidden\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "fine.csv").write_text("amount\n1\n")
    (tmp_path / "data" / "link.csv").symlink_to(tmp_path / "bot" / "own.csv")
    (tmp_path / "around").symlink_to(tmp_path / "bot")
    return OwnPlaces([tmp_path / "bot"])


FORBIDDEN = [
    *("bot/own.csv", "bot/*.csv", "bot", "around/own.csv", "around/*.csv", "data/link.csv", "data/*", "**/own.csv"),
    *("/proc/self/environ", "/etc/passwd", "/proc/self/root/etc/passwd", "/etc/pass*"),
]


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize("path", FORBIDDEN)
def test_data_is_not_read_there(path: str, scheme: str, own: OwnPlaces, tmp_path: Path) -> None:
    place = f"{scheme}{path if path.startswith('/') else tmp_path / path}"
    with pytest.raises(Refused, match="own files") as told:
        open_table(DataSet(place, format="csv"), own=own)
    assert told.value.reason is Reason.DATA_UNREADABLE


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize("path", FORBIDDEN)
def test_reports_are_not_read_there(path: str, scheme: str, own: OwnPlaces, tmp_path: Path) -> None:
    place = f"{scheme}{path if path.startswith('/') else tmp_path / path}"
    files = StoredFiles(own)

    def read() -> list[bytes]:
        return [files.read(one, 1000) for one in files.list(place)]

    with pytest.raises(Refused, match="own files"):
        read()


def test_everything_else_is(own: OwnPlaces, tmp_path: Path) -> None:
    (tmp_path / "data" / "near.csv").symlink_to(tmp_path / "data" / "fine.csv")
    for name in ("fine.csv", "near.csv"):
        assert set(open_table(DataSet(str(tmp_path / "data" / name), format="csv"), own=own).columns()) == {"amount"}
    files = StoredFiles(own)
    [one] = files.list(f"{tmp_path}/data/fine.csv")
    assert files.read(one, 100) == b"amount\n1\n"


def test_a_broken_row_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\nana@example.com,x,y\n")
    with pytest.raises(Refused, match="got 3") as told:
        open_table(DataSet(str(tmp_path / "a.csv"), format="csv")).columns()
    assert "ana" not in told.value.message


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d", "postgres://u:p@h/d"])
def test_postgresql_has_the_bots_own_driver(url: str) -> None:
    assert _with_driver(url).drivername == "postgresql+psycopg"
    assert _with_driver("mysql+pymysql://h/d").drivername == "mysql+pymysql"


def test_the_bots_own_are_its_data_directory_and_its_database(tmp_path: Path) -> None:
    env = {**ENV, "SLACKOPS_DATA_DIR": str(tmp_path / "bot"), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    mine = own_places(load_settings(env))
    for name in ("bot/mirror.git/config", "db.sqlite3", "db.sqlite3-wal"):
        with pytest.raises(Refused):
            mine.require_data(tmp_path / name)
    mine.require_data(tmp_path / "db.parquet")
    plain = own_places(load_settings({**ENV, "DATABASE_URL": "postgresql://u:p@h/d"}))
    plain.require_data(tmp_path / "d")
