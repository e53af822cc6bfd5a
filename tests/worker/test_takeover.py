"""Leases, fencing, graceful stop, and a store that goes away."""

from __future__ import annotations

import threading
import time

from bot.domain.commands import Nudge
from bot.domain.retry import TAKEOVERS
from bot.errors import Fatal, StoreUnavailable
from bot.ports.inbox import Row
from bot.worker import Attempts, hold
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.support.store import sqlite_template
from tests.worker.bench import Bench, RealClock, bench, promote

__all__ = ["bench", "sqlite_template"]


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


def test_what_runs_here_is_not_taken_over_here(bench: Bench) -> None:
    """A process that got no time for its heartbeat is alive all the same: two threads would say the same thing."""
    bench.act = lambda row: time.sleep(0.7)
    worker = bench.worker(lease=0.2)
    worker._running.start = lambda: None  # type: ignore[method-assign]
    worker._running.stop = lambda: None  # type: ignore[method-assign]
    bench.inbox.put("k", promote("1"))
    worker.start()
    for _ in range(6):
        time.sleep(0.1)
        worker.wake()
    bench.until(lambda: bool(bench.done))
    worker.stop()
    assert [row.attempt for row in bench.done] == [1]


def test_whoever_lost_a_row_may_not_speak_for_it(bench: Bench) -> None:
    said: list[int] = []

    def act(row: Row) -> None:
        if row.attempt == 1:
            hold()
            said.append(0)
            time.sleep(0.2)  # longer than the lease, and no heartbeat
            assert bench.inbox.claim("w2", 30) is not None
        hold()
        said.append(row.attempt)

    bench.act = act
    bench.inbox.put("k", promote("1"))
    row = bench.inbox.claim("w1", 0.1)
    assert row is not None
    Attempts(bench.inbox, bench.dispatch, bench.on_dead, lease=0.1)(row)
    assert (said, bench.dead, bench.inbox.counts()["running"]) == ([0], [], 1)  # type: ignore[attr-defined]
    hold()  # outside of a row there is nothing to lose


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
