"""Rows of the inbox carried out in this process, one at a time, under the same leases as a worker's."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from bot.domain import retry
from bot.domain.commands import Command, Reconcile
from bot.domain.commands_order import order_key
from bot.ports import Inbox, Row
from bot.worker import Attempts, RunningRows, holding, words_of

LOOK_AGAIN = 0.5
"""Seconds between two looks whether whoever holds an order is done: the inbox tells nobody."""
AFTER_SLACK = 30.0
"""Seconds after which what Slack did not take is tried again."""
SOON = 5.0
"""Seconds after which a worker tries at the latest what is given back: its own pauses begin with it."""


class Carries(Protocol):
    """Carries one row out, and tells people of one that was given up: the dispatcher."""

    def __call__(self, row: Row, /) -> None: ...

    def gave_up(self, row: Row, error: str) -> None: ...


class Carrier:
    """``asked`` carries out what the person at the terminal asked for, ``usual`` everything else, as a worker does.

    ``owner`` names this process in leases of ``lease`` seconds. A process that is killed leaves its row to a worker.
    """

    def __init__(self, inbox: Inbox, asked: Carries, usual: Carries, owner: str, lease: float) -> None:
        self._inbox, self._asked, self._usual = inbox, asked, usual
        self._owner, self._lease = owner, lease
        self._running, self._left_until = RunningRows(inbox, lease), 0.0
        self._answers = Attempts(inbox, asked, asked.gave_up, lease=lease)
        self._work = Attempts(inbox, usual, usual.gave_up, lease=lease)
        self._running.start()

    def close(self) -> None:
        """End the heartbeat."""
        self._running.stop()

    def begin(self, key: str, command: Command, until: float) -> Row | None:
        """The command as a row of this process; None when others hold its order until the time ``until`` (monotonic).

        What is due before it and nobody carries out is carried out here first.
        """
        while True:
            row = self._inbox.begin(key, command, self._owner, self._lease)
            if row is not None or time.monotonic() >= until:
                return row
            before = self._inbox.claim(self._owner, self._lease, order_key(command))
            if before is None:
                time.sleep(LOOK_AGAIN)
            else:
                with self._held(before):
                    self._work(before)

    def see_through(self, row: Row, until: float) -> Exception | None:
        """Try until it is settled; else the last error, and the row is given back for whoever works the inbox off."""
        with self._held(row):
            for attempt in itertools.count(1):
                try:
                    self._asked(replace(row, attempt=attempt))
                except Exception as error:  # noqa: BLE001  (the error's class decides, as for a worker)
                    pause = retry.pause(error, attempt, random.random)
                    if pause is None:
                        self._answers.bury(row, words_of(error))
                        return None
                    if time.monotonic() + pause > until:
                        self._answers.give_back(row, min(pause, SOON), words_of(error))
                        return error
                    time.sleep(pause)
                else:
                    self._answers.done(row)
                    return None
        raise AssertionError("unreachable")

    def carry_on(self, row: Row, until: float) -> None:
        """What ``row`` put for this very person, as if it had been asked for here; what else is due before it too."""
        while (found := self._inbox.claim(self._owner, self._lease, order_key(row.command))) is not None:
            if found.key.startswith(f"{row.key}:"):
                self.see_through(found, until)
                continue
            with self._held(found):
                self._work(found)

    def look(self, key: str, number: int) -> Exception | None:
        """Have the pull request looked at now, unless somebody else does; what went wrong with it.

        What could not be done is left for a worker: most often a card, for when Slack answers again.
        """
        command, error = Reconcile(number=number), None
        row = self._inbox.claim(self._owner, self._lease, order_key(command))
        row = row or self._inbox.begin(key, command, self._owner, self._lease)
        if row is None:
            return None
        with self._held(row):
            try:
                self._usual(row)
            except Exception as failed:  # noqa: BLE001  (whatever it is, a worker decides what becomes of it)
                error = failed
                self._leave(row)
            self._work.done(row)
        return error

    def _leave(self, row: Row) -> None:
        """As a new row: one that was given back would hold up those behind it. One look that waits is enough."""
        now = time.monotonic()
        if not isinstance(row.command, Reconcile) or now >= self._left_until:
            self._inbox.put(f"{row.key}:again", row.command, AFTER_SLACK)
            self._left_until = now + AFTER_SLACK

    @contextmanager
    def _held(self, row: Row) -> Iterator[None]:
        """Keep the lease meanwhile. Whoever interrupts does not have others wait until it ends."""
        self._running.add(row)
        try:
            with holding(self._inbox, row, self._lease):
                yield
        except KeyboardInterrupt:
            self._work.give_back(row, 0, "interrupted at the terminal")
            raise
        finally:
            self._running.drop(row)
