"""The worker over the fake inbox and over SQLite: order, retries, fencing, burial, takeover, graceful stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlInbox
from bot.domain.commands import Nudge, Promote, Reconcile
from bot.domain.people import Person
from bot.domain.retry import TAKEOVERS
from bot.errors import Fatal, ForgeUnavailable, StoreUnavailable
from bot.ports.inbox import Inbox, Row
from bot.worker import Worker
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.support.store import open_sqlite, sqlite_template

__all__ = ["sqlite_template"]


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


def test_rows_are_carried_out_and_finished(bench: Bench, worker: Worker) -> None:
    for n in range(20):
        bench.inbox.put(f"k{n}", Nudge(source="x", pulls=(n,)))
    bench.until(lambda: len(bench.done) == 20)
    bench.idle()
    assert {r.key for r in bench.done} == {f"k{n}" for n in range(20)}
    assert bench.dead == []


def test_a_put_wakes_the_worker_at_once(bench: Bench, worker: Worker) -> None:
    time.sleep(0.2)  # let it go to sleep
    begin = time.monotonic()
    bench.inbox.put("k", Nudge(source="x"))
    bench.until(lambda: bool(bench.done))
    assert time.monotonic() - begin < 0.5


def test_one_order_is_kept(bench: Bench, worker: Worker) -> None:
    at_once: list[int] = []
    running = threading.Semaphore(1)

    def act(row: Row) -> None:
        at_once.append(running.acquire(blocking=False))
        time.sleep(0.005)
        running.release()

    bench.act = act
    for n in range(12):
        bench.inbox.put(f"k{n:02}", promote(str(n)))
    bench.until(lambda: len(bench.done) == 12)
    assert [r.key for r in bench.done] == [f"k{n:02}" for n in range(12)]
    assert all(at_once)


def test_transient_is_tried_again(bench: Bench, worker: Worker) -> None:
    def act(row: Row) -> None:
        if row.attempt < 3:
            raise ForgeUnavailable("down", retry_after=0)

    bench.act = act
    bench.inbox.put("k", promote("1"))
    bench.until(lambda: len(bench.done) == 3)
    bench.idle()
    assert [r.attempt for r in bench.done] == [1, 2, 3]
    assert bench.dead == []


def test_a_row_that_is_due_later_is_done_when_due(bench: Bench, worker: Worker) -> None:
    begin = time.monotonic()
    bench.inbox.put("k", Reconcile(number=1), delay=0.3)
    bench.until(lambda: bool(bench.done))
    assert 0.25 < time.monotonic() - begin < 0.9


@pytest.mark.parametrize(("error", "tries"), [(Fatal("no such channel"), 1), (KeyError("bug"), 4)])
def test_what_is_hopeless_is_told_and_buried(bench: Bench, worker: Worker, error: Exception, tries: int) -> None:
    def act(row: Row) -> None:
        raise error

    bench.act = act
    bench.inbox.put("k", promote("1"))
    bench.until(lambda: bool(bench.dead))
    bench.idle()
    assert len(bench.done) == tries
    assert [d.key for d in bench.inbox.dead()] == ["k"]
    assert str(error) in bench.dead[0][1]


def test_a_burial_that_cannot_be_told_is_still_a_burial(bench: Bench, worker: Worker) -> None:
    def act(row: Row) -> None:
        raise Fatal("hopeless")

    def fail(row: Row, words: str) -> None:
        raise ForgeUnavailable("cannot tell either")

    bench.act, worker._on_dead = act, fail
    bench.inbox.put("k", promote("1"))
    bench.until(lambda: bool(bench.done))
    bench.idle()
    assert [d.error for d in bench.inbox.dead()] == ["hopeless"]


def test_a_row_that_kills_its_workers_is_buried_in_the_end() -> None:
    clock = FakeClock()
    bench = Bench(FakeInbox(clock))
    bench.inbox.put("k", promote("1"))
    for _ in range(TAKEOVERS):
        assert bench.inbox.claim("dead", 1) is not None
        clock.tick(1)
    worker = bench.worker()
    worker.start()
    bench.until(lambda: bool(bench.dead))
    worker.stop()
    assert bench.done == []


def test_a_long_row_keeps_its_lease(bench: Bench) -> None:
    bench.act = lambda row: time.sleep(0.8)
    workers = [bench.worker(f"w{n}", lease=0.3) for n in range(2)]
    bench.inbox.put("k", promote("1"))
    for w in workers:
        w.start()
    bench.until(lambda: bool(bench.done))
    bench.idle()
    for w in workers:
        w.stop()
    assert [r.attempt for r in bench.done] == [1]


def test_fenced_work_is_ignored_and_the_other_finishes(bench: Bench) -> None:
    """The first worker hangs with no heartbeat; the second takes over; what the first does then counts for nothing."""
    go = threading.Event()
    lost = bench.inbox.put("k", promote("1"))

    def act(row: Row) -> None:
        if row.attempt == 1:
            go.wait(10)
            raise Fatal("late and wrong")

    bench.act = act
    first, second = bench.worker("w1", lease=0.3), bench.worker("w2", lease=30)
    first._running.start = lambda: None  # type: ignore[method-assign]  # a stopped heartbeat is a frozen process
    first.start()
    end = time.monotonic() + 5
    while bench.inbox.counts()["running"] == 0 and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.01)
    second.start()
    bench.until(lambda: any(r.attempt == 2 for r in bench.done))
    bench.idle()
    go.set()
    bench.until(lambda: any(r.attempt == 1 for r in bench.done))
    first.stop()
    second.stop()
    assert (bench.dead, bench.inbox.dead()) == ([], [])
    assert {r.id for r in bench.done} == {lost}


def test_stop_waits_for_what_runs(bench: Bench) -> None:
    begun = threading.Event()

    def act(row: Row) -> None:
        begun.set()
        time.sleep(0.3)

    bench.act = act
    worker = bench.worker()
    bench.inbox.put("k", promote("1"))
    worker.start()
    assert begun.wait(5)
    worker.stop()
    assert len(bench.done) == 1
    bench.idle(timeout=0.1)


def test_stop_gives_back_what_does_not_end(bench: Bench) -> None:
    begun, go = threading.Event(), threading.Event()

    def act(row: Row) -> None:
        begun.set()
        go.wait(10)

    bench.act = act
    worker = bench.worker()
    bench.inbox.put("k", promote("1"))
    worker.start()
    assert begun.wait(5)
    worker.stop(grace=0.1)
    taken = bench.inbox.claim("w2", 30)
    go.set()
    assert taken is not None
    assert taken.attempt == 2
    bench.until(lambda: len(bench.done) == 1)
    assert bench.inbox.done(taken)


def test_the_worker_outlives_a_store_that_goes_away() -> None:
    inbox = FakeInbox(RealClock())
    bench = Bench(inbox)
    worker = bench.worker()
    inbox.down = True
    worker.start()
    time.sleep(0.05)
    inbox.down = False
    bench.inbox.put("k", Nudge(source="x"))
    bench.until(lambda: bool(bench.done))
    worker.stop()


def test_an_outcome_is_saved_when_the_store_comes_back() -> None:
    class Flaky(FakeInbox):
        failures = 2

        def done(self, row: Row) -> bool:
            if self.failures:
                self.failures -= 1
                raise StoreUnavailable("locked")
            return super().done(row)

    bench = Bench(Flaky(RealClock()))
    worker = bench.worker()
    bench.inbox.put("k", Nudge(source="x"))
    worker.start()
    bench.idle()
    worker.stop()
    assert len(bench.done) == 1
