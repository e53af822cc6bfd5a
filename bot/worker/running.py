"""The rows that a worker is carrying out right now, and the heartbeat that keeps their leases."""

from __future__ import annotations

import threading

import structlog

from bot.ports.inbox import Inbox, Row

BEATS_A_LEASE = 3
"""Two beats may fail before a lease ends."""


class RunningRows:
    """Rows under lease. One thread extends all leases; a row that was taken over is no longer extended."""

    def __init__(self, inbox: Inbox, lease: float) -> None:
        self._inbox, self._lease = inbox, lease
        self._log = structlog.get_logger("worker")
        self._rows: dict[tuple[str, int], Row] = {}
        self._changed, self._stop = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="slackops-heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """End the beat; leases run out by themselves."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def add(self, row: Row) -> None:
        """Keep this row's lease until ``drop``."""
        with self._changed:
            self._rows[row.id, row.attempt] = row

    def drop(self, row: Row) -> bool:
        """The row was settled, or is lost; False where it had been dropped before."""
        with self._changed:
            there = self._rows.pop((row.id, row.attempt), None) is not None
            self._changed.notify_all()
        return there

    def rows(self) -> list[Row]:
        """What runs now."""
        with self._changed:
            return list(self._rows.values())

    def wait_for_end(self, seconds: float) -> list[Row]:
        """Wait until nothing runs, for so long at most; what runs even then."""
        with self._changed:
            self._changed.wait_for(lambda: not self._rows, timeout=seconds)
            return list(self._rows.values())

    def _run(self) -> None:
        while not self._stop.wait(self._lease / BEATS_A_LEASE):
            for row in self.rows():
                self._beat(row)

    def _beat(self, row: Row) -> None:
        try:
            held = self._inbox.heartbeat(row, self._lease)
        except Exception as error:  # noqa: BLE001  (the next beat may reach the store again)
            self._log.warning("heartbeat_failed", row=row.id, error=str(error))
            return
        if not held and self.drop(row):  # else it was done between the look at what runs and its beat
            self._log.warning("lease_lost", row=row.id, attempt=row.attempt)
