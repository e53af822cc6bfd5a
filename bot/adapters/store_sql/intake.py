"""The group-commit writer: many callers on the event loop, one transaction at a time, one sync of the disk for all.

A thread of its own does the writing, so that the loop never waits for the disk. What one turn of the loop put is handed
over as one batch; while the thread commits, the next batches gather. Each caller is answered when its batch is on disk.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from bot.adapters.store_sql.batch import batch_insert
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.rows import new_row
from bot.domain.commands import Command
from bot.errors import StoreUnavailable
from bot.ports.clock import Clock

Loop = asyncio.AbstractEventLoop


@dataclass(eq=False, slots=True)
class _Waiting:
    row: dict[str, Any]
    answer: asyncio.Future[str | None]


@dataclass(eq=False, slots=True)
class _Batch:
    loop: Loop
    callers: list[_Waiting]


class SqlIntake:
    """The Intake port over SQL. Start before use; ``stop`` writes what is still queued.

    ``patience`` is how long a caller waits for its commit, in seconds: Slack wants its answer within three. ``bound``
    is how many callers may wait at once, ``batch`` how many rows make a transaction full. ``on_put`` is called after
    each transaction that wrote something.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        on_put: Callable[[], None] = lambda: None,
        *,
        patience: float = 2.5,
        bound: int = 10_000,
        batch: int = 500,
    ) -> None:
        self._clock, self.on_put = clock, on_put
        self._patience, self._bound, self._full = patience, bound, batch
        self._insert = batch_insert(database)
        self._gathering: dict[Loop, list[_Waiting]] = {}
        self._queue: SimpleQueue[_Batch | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._open, self._waiting = False, 0
        self._writer = threading.Thread(target=self._run, name="slackops-intake", daemon=True)

    def start(self) -> None:
        """Start the writer."""
        self._open = True
        self._writer.start()

    def stop(self) -> None:
        """Write what is queued, then end. Later puts are refused."""
        with self._lock:
            self._open = False
            for loop, callers in self._gathering.items():
                self._queue.put(_Batch(loop, callers))
            self._gathering.clear()
            self._queue.put(None)
        if self._writer.is_alive():
            self._writer.join()

    async def put(self, key: str, command: Command) -> str | None:
        """As the port says. Raises StoreUnavailable when it was not saved, or not known to be saved in time."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(new_row(key, command, self._clock.now()), loop.create_future())
        self._gather(loop, waiting)
        return await waiting.answer

    def _gather(self, loop: Loop, waiting: _Waiting) -> None:
        with self._lock:
            if not self._open:
                raise StoreUnavailable("the intake is closed")
            if self._waiting >= self._bound:
                raise StoreUnavailable("too many writes wait for the database")
            self._waiting += 1
            callers = self._gathering.setdefault(loop, [])
            callers.append(waiting)
        if len(callers) == 1:
            loop.call_soon(self._hand_over, loop)

    def _hand_over(self, loop: Loop) -> None:
        with self._lock:
            callers = self._gathering.pop(loop, None)
            if callers:
                self._queue.put(_Batch(loop, callers))
        if callers:
            loop.call_later(self._patience, _resolve, callers, StoreUnavailable("the database took too long to write"))

    def _run(self) -> None:
        while batches := self._next_batches():
            callers = [w for b in batches for w in b.callers]
            outcome = self._write([w.row for w in callers if not w.answer.done()])
            with self._lock:
                self._waiting -= len(callers)
            for batch in batches:
                with suppress(RuntimeError):  # the loop was closed, and its callers with it
                    batch.loop.call_soon_threadsafe(_resolve, batch.callers, outcome)
            if outcome and not isinstance(outcome, StoreUnavailable):
                self.on_put()
        self._insert.close()

    def _next_batches(self) -> list[_Batch]:
        """All that was handed over until now, up to a full transaction; empty when the intake is closed."""
        taken: list[_Batch] = []
        with suppress(Empty):
            found = self._queue.get()
            while found is not None:
                taken.append(found)
                if sum(len(b.callers) for b in taken) >= self._full:
                    return taken
                found = self._queue.get_nowait()
            if taken:
                self._queue.put(None)  # seen too early: first what was handed over before it
        return taken

    def _write(self, rows: list[dict[str, Any]]) -> frozenset[str] | StoreUnavailable:
        """The ids that were written, or why none was."""
        try:
            return self._insert(rows) if rows else frozenset()
        except StoreUnavailable as error:
            return error
        except Exception as error:  # noqa: BLE001  (the writer must outlive any fault; the callers are told)
            return StoreUnavailable(f"the write failed: {type(error).__name__}")


def _resolve(callers: list[_Waiting], outcome: frozenset[str] | StoreUnavailable) -> None:
    """On the loop: one wake-up for all callers of a turn, save those that were answered before."""
    for waiting in callers:
        if waiting.answer.done():
            continue
        if isinstance(outcome, StoreUnavailable):
            waiting.answer.set_exception(StoreUnavailable(str(outcome)))
        else:
            waiting.answer.set_result(waiting.row["id"] if waiting.row["id"] in outcome else None)
