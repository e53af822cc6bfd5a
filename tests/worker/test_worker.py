"""The worker over the fake inbox and over SQLite: order, retries, burial."""

from __future__ import annotations

import threading
import time

import pytest

from bot.domain.commands import Nudge, Reconcile
from bot.errors import Fatal, ForgeUnavailable
from bot.ports.inbox import Row
from bot.worker import Worker, loop
from tests.support.store import sqlite_template
from tests.worker.bench import Bench, bench, promote, worker

__all__ = ["bench", "sqlite_template", "worker"]


def test_rows_are_carried_out_and_finished(bench: Bench, worker: Worker) -> None:
    for n in range(20):
        bench.inbox.put(f"k{n}", Nudge(source="x", pulls=(n,)))
    bench.until(lambda: len(bench.done) == 20)
    bench.idle()
    assert {r.key for r in bench.done} == {f"k{n}" for n in range(20)}
    assert bench.dead == []


@pytest.fixture
def sleepy(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker that looks by itself only every half minute, so that what is done sooner was told to it."""
    monkeypatch.setattr(loop, "LONGEST_SLEEP", 30.0)
    worker.wake()
    return worker


def test_a_put_wakes_the_worker_at_once(bench: Bench, sleepy: Worker) -> None:
    time.sleep(0.2)  # let it go to sleep
    bench.inbox.put("k", Nudge(source="x"))
    bench.until(lambda: bool(bench.done), timeout=10)


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


def test_a_row_that_is_due_later_is_done_when_due(bench: Bench, sleepy: Worker) -> None:
    begin = time.monotonic()
    bench.inbox.put("k", Reconcile(number=1), delay=0.3)
    bench.until(lambda: bool(bench.done), timeout=10)
    assert time.monotonic() - begin > 0.25


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
