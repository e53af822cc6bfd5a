"""kill -9 of a worker process while a row runs: another one takes the row over, and every row is done."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.store_sql import Database, SqlInbox, migrate
from bot.domain.commands import Promote
from bot.domain.people import Person
from tests.worker.crash import WallClock


def start(url: str, log: Path, owner: str, seconds: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.worker.crash", url, str(log), owner, str(seconds)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def until(condition: Callable[[], bool], timeout: float = 30) -> None:
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.kill
def test_a_killed_workers_rows_are_taken_over(tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "log"
    log.touch()
    database = Database(url)
    migrate(database)
    inbox = SqlInbox(database, WallClock())
    for n in range(4):
        inbox.put(f"k{n}", Promote(by=Person(team="T", user="U"), model=f"m{n % 2}", version=str(n)))

    first = start(url, log, "first", 60)
    until(lambda: log.read_text().count("begin") == 2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert inbox.counts() == {"waiting": 2, "running": 2, "dead": 0}

    second = start(url, log, "second", 0.05)
    until(lambda: log.read_text().count("end ") == 4)
    assert second.stdin is not None
    second.stdin.close()
    assert second.wait(10) == 0

    lines = log.read_text().split("\n")
    assert sorted(line for line in lines if "first 1" in line) == ["begin k0 first 1", "begin k1 first 1"]
    ends = [line.split() for line in lines if line.startswith("end")]
    assert sorted(key for _, key, _, _ in ends) == ["k0", "k1", "k2", "k3"]
    assert {key: attempt for _, key, _, attempt in ends} == {"k0": "2", "k1": "2", "k2": "1", "k3": "1"}
    order = [key for _, key, _, _ in ends]
    assert order.index("k0") < order.index("k2")
    assert order.index("k1") < order.index("k3")
    assert inbox.counts() == {"waiting": 0, "running": 0, "dead": 0}
    database.close()
