"""The inbox: the durable table of what came in and is still to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.commands import Command

TYPED = "cli:"
"""How the key of a row begins that somebody asked for on the command line."""


@dataclass(frozen=True)
class Row:
    """One row of the inbox under lease. ``attempt`` is the fencing token: a later claim has a higher one."""

    id: str
    key: str
    command: Command
    attempt: int
    created_at: float

    @property
    def typed(self) -> bool:
        """Asked for on the command line, where nobody proves who they are."""
        return self.key.startswith(TYPED)


@dataclass(frozen=True)
class DeadLetter:
    """A row that was given up, and why."""

    id: str
    key: str
    kind: str
    attempts: int
    error: str
    at: float


class Intake(Protocol):
    """The writing half of the inbox, for what must be acknowledged: awaits the commit, many callers share one."""

    async def put(self, key: str, command: Command) -> str | None:
        """Write the command down under its delivery key; its new ULID, or None when the key was there already.

        Raises StoreUnavailable when it was not saved.
        """
        ...


class Inbox(Protocol):
    """The durable table of what came in and is still to be done."""

    def put(self, key: str, command: Command, delay: float = 0) -> str | None:
        """As ``Intake.put``, for follow-ups from a use case; due after ``delay`` seconds."""
        ...

    def claim(self, owner: str, lease: float, order: str | None = None, but: Sequence[str] = ()) -> Row | None:
        """The oldest due row whose order is free, now leased to ``owner`` for ``lease`` seconds; None when idle.

        ``order``: only rows with this order key. ``but``: ids of rows that are not taken over, whatever their lease.
        """
        ...

    def begin(self, key: str, command: Command, owner: str, lease: float) -> Row | None:
        """Write the command down as a row that ``owner`` carries out already, as if it had been put and claimed.

        None, with nothing written, when the key is known, or when another row of the same order is being carried out
        or could be claimed now. What is to be tried again later stands in nobody's way here, nor what waits for it:
        whoever begins waits for the answer.
        """
        ...

    def heartbeat(self, row: Row, lease: float) -> bool:
        """Extend the lease; False when the row was taken over meanwhile (fenced)."""
        ...

    def done(self, row: Row) -> bool:
        """Finish the row; False when fenced."""
        ...

    def retry(self, row: Row, delay: float, error: str) -> bool:
        """Give the row back, due after ``delay`` seconds; False when fenced."""
        ...

    def bury(self, row: Row, error: str) -> bool:
        """Make the row a dead letter; False when fenced."""
        ...

    def absorb(self, row: Row) -> int:
        """Finish the other due rows that ask for exactly the same command as ``row``; how many they were.

        A row that is due later was put for a later look, so it stays.
        """
        ...

    def dead(self, limit: int = 100) -> list[DeadLetter]:
        """Dead letters, newest first."""
        ...

    def next_due(self) -> float | None:
        """When the next waiting row is due, in seconds since the epoch; None when nothing waits."""
        ...

    def forget(self, before: float) -> int:
        """Delete rows that were finished before this time, dead letters excepted; how many they were.

        A finished row is what tells a redelivery from news: keep it longer than any sender tries again.
        """
        ...
