"""Drains the inbox: claims rows under a lease, carries them out in threads, retries or buries what fails.

At least once, never twice at a time: what a worker does after it lost its lease is not recorded (fencing), and effects
are looked for before they are made. Nothing here knows what a command means.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from bot.ports.clock import Clock
from bot.ports.inbox import Inbox, Row
from bot.worker.attempts import Attempts
from bot.worker.running import RunningRows

LONGEST_SLEEP = 1.0
"""Rows that another process put are seen after this many seconds; those of this process at once, by ``wake``."""


class Worker:
    """Carries out rows of the inbox.

    ``dispatch`` does the work and raises by class: see ``bot.domain.retry``. ``on_dead`` tells people of a row that was
    given up, before it is buried. ``owner`` names this process in the lease of its rows, ``lease`` is in seconds.
    """

    def __init__(
        self,
        inbox: Inbox,
        dispatch: Callable[[Row], None],
        on_dead: Callable[[Row, str], None],
        clock: Clock,
        owner: str,
        *,
        threads: int = 4,
        lease: float = 30.0,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._inbox, self._clock, self._owner, self._lease = inbox, clock, owner, lease
        self._log = structlog.get_logger("worker")
        self._stop, self._wake = threading.Event(), threading.Event()
        self._free = threading.Semaphore(threads)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="slackops-worker")
        self._running = RunningRows(inbox, lease)
        self._attempts = Attempts(inbox, dispatch, on_dead, lease=lease, draw=draw, wait=self._stop.wait)
        self._loop = threading.Thread(target=self._run, name="slackops-claims", daemon=True)

    def start(self) -> None:
        """Begin to claim rows."""
        self._running.start()
        self._loop.start()

    def wake(self) -> None:
        """Look for work now: called when this process has put a row. Cheap, and safe from any thread."""
        self._wake.set()

    def stop(self, grace: float = 10.0) -> None:
        """Claim no more, let running rows finish for ``grace`` seconds, and give back those that did not."""
        self._stop.set()
        self._wake.set()
        if self._loop.is_alive():
            self._loop.join()
        for row in self._running.wait_for_end(grace):
            self._attempts.give_back(row, 0, "the worker stopped")
        self._running.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._fill()
                pause = self._until_due()
            except Exception as error:  # noqa: BLE001  (the store may be down for a while; the loop must outlive it)
                self._log.warning("inbox_unavailable", error=str(error))
                pause = LONGEST_SLEEP
            self._wake.wait(pause)

    def _fill(self) -> None:
        """Claim rows while there are free threads and rows."""
        while self._free.acquire(timeout=LONGEST_SLEEP):
            row = None
            try:
                row = None if self._stop.is_set() else self._claim()
            finally:
                if row is None:
                    self._free.release()
            if row is None:
                return
            self._running.add(row)
            self._pool.submit(self._carry_out, row)

    def _claim(self) -> Row | None:
        """What runs here is not taken over here: its thread is alive, however late the heartbeat."""
        return self._inbox.claim(self._owner, self._lease, but=[row.id for row in self._running.rows()])

    def _until_due(self) -> float:
        due = self._inbox.next_due()
        ahead = LONGEST_SLEEP if due is None else due - self._clock.now()
        # A row that is due but was not claimed waits for its order: whoever holds it wakes us when done.
        return min(ahead, LONGEST_SLEEP) if ahead > 0 else LONGEST_SLEEP

    def _carry_out(self, row: Row) -> None:
        with structlog.contextvars.bound_contextvars(row=row.id, kind=row.command.kind, attempt=row.attempt):
            try:
                self._attempts(row)
            finally:
                self._running.drop(row)
                self._free.release()
                self._wake.set()
