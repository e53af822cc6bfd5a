"""An inbox with a worker, and the fixtures that run it over the fake and over SQLite."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlInbox
from bot.domain.commands import Promote
from bot.domain.people import Person
from bot.ports.inbox import Inbox, Row
from bot.worker import Worker
from tests.fakes.inbox import FakeInbox
from tests.support.store import open_sqlite


class RealClock:
    def now(self) -> float:
        return time.time()


class Bench:
    """An inbox, its worker, and what it was seen doing. ``until`` waits for what the worker changes."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox, self.done, self.dead = inbox, [], []  # type: tuple[Inbox, list[Row], list[tuple[str, str]]]
        self.act: Callable[[Row], None] = lambda row: None
        self._changed = threading.Condition()

    def dispatch(self, row: Row) -> None:
        try:
            self.act(row)
        finally:
            with self._changed:
                self.done.append(row)
                self._changed.notify_all()

    def on_dead(self, row: Row, words: str) -> None:
        with self._changed:
            self.dead.append((row.key, words))
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool], timeout: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, timeout), (self.done, self.dead)

    def idle(self, timeout: float = 10) -> None:
        end = time.monotonic() + timeout
        while any(self.inbox.counts()[s] for s in ("waiting", "running")):  # type: ignore[attr-defined]
            assert time.monotonic() < end, "rows are left"
            time.sleep(0.005)

    def worker(self, owner: str = "w1", threads: int = 4, lease: float = 30) -> Worker:
        return Worker(
            self.inbox, self.dispatch, self.on_dead, RealClock(), owner, threads=threads, lease=lease, draw=lambda: 0.0
        )


@pytest.fixture(params=["fake", "sqlite"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "fake":
        yield Bench(FakeInbox(RealClock()))
        return
    database = open_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    yield Bench(SqlInbox(database, RealClock()))
    database.close()


@pytest.fixture
def worker(bench: Bench) -> Iterator[Worker]:
    made = bench.worker()
    bench.inbox.on_put = made.wake  # type: ignore[attr-defined]
    made.start()
    yield made
    made.stop()


def promote(version: str, model: str = "churn") -> Promote:
    return Promote(by=Person(team="T", user="U"), model=model, version=version)
