"""One attempt at a row: carried out, and its outcome written down. The error's class decides what becomes of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial

import structlog

from bot.domain import retry
from bot.errors import SlackOpsError, Transient
from bot.ports.inbox import Inbox, Row
from bot.worker.holding import holding


def words_of(error: Exception) -> str:
    """An error in one sentence, with its class where it is none of ours."""
    return str(error) if isinstance(error, SlackOpsError) else f"{type(error).__name__}: {error}"


class Attempts:
    """Carries out rows that are under lease. ``dispatch`` does the work and raises by class: see ``bot.domain.retry``.

    ``on_dead`` tells people of a row that was given up, before it is buried. ``lease`` in seconds. ``wait`` sleeps.
    """

    def __init__(
        self,
        inbox: Inbox,
        dispatch: Callable[[Row], None],
        on_dead: Callable[[Row, str], None],
        *,
        lease: float,
        draw: Callable[[], float] = random.random,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._inbox, self._dispatch, self._on_dead = inbox, dispatch, on_dead
        self._lease, self._draw, self._wait = lease, draw, wait
        self._log = structlog.get_logger("worker")

    def __call__(self, row: Row) -> None:
        """Carry it out once; then it is done, given back for later, or a dead letter."""
        if row.attempt > retry.TAKEOVERS:
            self.bury(row, "taken over again and again: it seems to stop the process that carries it out")
            return
        try:
            with holding(self._inbox, row, self._lease):
                self._dispatch(row)
        except Exception as error:  # noqa: BLE001  (the error's class decides, in one place)
            self._failed(row, error)
        else:
            self.done(row)

    def done(self, row: Row) -> bool:
        """Finish the row; False when fenced."""
        return self.settle("done", row, partial(self._inbox.done, row))

    def give_back(self, row: Row, pause: float, words: str) -> bool:
        """Let it be tried again after ``pause`` seconds; False when fenced."""
        return self.settle("retried", row, partial(self._inbox.retry, row, pause, words))

    def bury(self, row: Row, words: str) -> None:
        """Tell first: a kill in between tells twice, which is better than never. Fenced work tells nobody."""
        if not self.settle("still held", row, partial(self._inbox.heartbeat, row, self._lease)):
            return
        try:
            self._on_dead(row, words)
        except Exception:  # noqa: BLE001  (the dead letter itself must not be lost)
            self._log.exception("dead_letter_not_told")
        self.settle("buried", row, partial(self._inbox.bury, row, words))

    def settle(self, what: str, row: Row, write: Callable[[], bool]) -> bool:
        """Write an outcome down, unless fenced. When the store stays away, the lease ends and the row is done again."""
        for _ in range(5):
            try:
                held = write()
            except Transient as error:
                self._log.warning("outcome_not_saved", outcome=what, row=row.id, error=str(error))
                self._wait(0.2)
                continue
            if not held:
                self._log.warning("fenced", outcome=what, row=row.id)
            return held
        return False

    def _failed(self, row: Row, error: Exception) -> None:
        words, pause = words_of(error), retry.pause(error, row.attempt, self._draw)
        self._log.warning("row_failed", error=words, again_in=pause, exc_info=not isinstance(error, SlackOpsError))
        if pause is None:
            self.bury(row, words)
        else:
            self.give_back(row, pause, words)
