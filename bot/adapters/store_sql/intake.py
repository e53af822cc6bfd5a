"""The group-commit writer: many callers on the event loop, one transaction at a time, one sync of the disk for all.

A thread of its own does the writing, so that the loop never waits for the disk. While it commits, the next batch
gathers; each caller is answered when its own batch is on disk.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.adapters.store_sql.batch import batch_insert
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.rows import new_row
from bot.domain.commands import Command
from bot.errors import StoreUnavailable
from bot.ports.clock import Clock


@dataclass(eq=False, slots=True)
class _Waiting:
    row: dict[str, Any]
    answer: asyncio.Future[str | None]
    loop: asyncio.AbstractEventLoop


class SqlIntake:
    """The Intake port over SQL. Start before use; ``stop`` writes what is still queued.

    ``patience`` is how long a caller waits for its commit, in seconds: Slack wants its answer within three. ``bound``
    is how many callers may wait at once. ``on_put`` is called after each batch that wrote something.
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
        self._patience, self._bound, self._batch = patience, bound, batch
        self._insert = batch_insert(database)
        self._queue: deque[_Waiting] = deque()
        self._filled = threading.Condition()
        self._open = False
        self._writer = threading.Thread(target=self._run, name="slackops-intake", daemon=True)

    def start(self) -> None:
        """Start the writer."""
        self._open = True
        self._writer.start()

    def stop(self) -> None:
        """Write what is queued, then end. Later puts are refused."""
        with self._filled:
            self._open = False
            self._filled.notify()
        if self._writer.is_alive():
            self._writer.join()

    async def put(self, key: str, command: Command) -> str | None:
        """As the port says. Raises StoreUnavailable when it was not saved, or not known to be saved in time."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(new_row(key, command, self._clock.now()), loop.create_future(), loop)
        self._enqueue(waiting)
        try:
            async with asyncio.timeout(self._patience):
                return await waiting.answer
        except TimeoutError:
            raise StoreUnavailable("the database did not take the write in time") from None

    def _enqueue(self, waiting: _Waiting) -> None:
        with self._filled:
            if not self._open:
                raise StoreUnavailable("the intake is closed")
            if len(self._queue) >= self._bound:
                raise StoreUnavailable("too many writes wait for the database")
            self._queue.append(waiting)
            if len(self._queue) == 1:
                self._filled.notify()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                written = self._insert([w.row for w in batch])
            except Exception as error:  # noqa: BLE001  (the writer must outlive any fault; the callers are told)
                _answer(batch, error)
            else:
                _answer(batch, written)
                if written:
                    self.on_put()
        self._insert.close()

    def _next_batch(self) -> list[_Waiting]:
        """What waits now, as far as its caller still does; empty only when the intake is closed."""
        while True:
            with self._filled:
                self._filled.wait_for(lambda: self._queue or not self._open)
                if not self._queue:
                    return []
                taken = [self._queue.popleft() for _ in range(min(len(self._queue), self._batch))]
            if batch := [w for w in taken if not w.answer.cancelled()]:
                return batch


def _answer(batch: Iterable[_Waiting], outcome: frozenset[str] | Exception) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for waiting in batch:
        by_loop.setdefault(waiting.loop, []).append(waiting)
    for loop, those in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, those, outcome)


def _resolve(those: list[_Waiting], outcome: frozenset[str] | Exception) -> None:
    """On the loop: one wake-up for the whole batch."""
    for waiting in those:
        if waiting.answer.done():
            continue
        if isinstance(outcome, StoreUnavailable):
            waiting.answer.set_exception(outcome)
        elif isinstance(outcome, Exception):
            waiting.answer.set_exception(StoreUnavailable(f"the write failed: {type(outcome).__name__}"))
        else:
            waiting.answer.set_result(waiting.row["id"] if waiting.row["id"] in outcome else None)
