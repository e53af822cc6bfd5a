"""The inbox in memory: the same rules as the leased table, told in plain Python."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ulid import ULID

from bot.domain.commands import COMMAND, Command
from bot.domain.commands_order import order_key
from bot.errors import StoreUnavailable
from bot.ports.clock import Clock
from bot.ports.inbox import DeadLetter, Row


@dataclass(eq=False)
class Record:
    seq: int
    key: str
    body: bytes
    order: str | None
    due: float
    created: float
    id: str = field(default_factory=lambda: str(ULID()))
    state: str = "waiting"
    attempts: int = 0
    lease_until: float = 0
    ended: float = 0
    error: str = ""


class FakeInbox:
    """Both halves of the inbox. ``down`` makes every call raise StoreUnavailable."""

    def __init__(self, clock: Clock, on_put: Callable[[], None] = lambda: None) -> None:
        self.clock, self.on_put, self.down = clock, on_put, False
        self.records: list[Record] = []
        self._lock, self._seq = threading.RLock(), itertools.count()

    def put(self, key: str, command: Command, delay: float = 0) -> str | None:
        with self._lock:
            self._up()
            if any(r.key == key for r in self.records):
                return None
            now, seq = self.clock.now(), next(self._seq)
            new = Record(seq, key, COMMAND.dump_json(command), order_key(command), now + delay, now)
            self.records.append(new)
        self.on_put()
        return new.id

    def claim(self, owner: str, lease: float, order: str | None = None, but: Sequence[str] = ()) -> Row | None:
        with self._lock:
            self._up()
            mine = [r for r in self.records if order in (None, r.order) and not (r.state == "running" and r.id in but)]
            found = next((r for r in mine if self._may_run(r)), None)
            return self._lease(found, lease) if found else None

    def begin(self, key: str, command: Command, owner: str, lease: float) -> Row | None:
        with self._lock:
            self._up()
            now, order = self.clock.now(), order_key(command)
            same = [r for r in self.records if order is not None and r.order == order]
            if any(r.state == "running" or self._may_run(r) for r in same):
                return None
            if any(r.key == key for r in self.records):
                return None
            new = Record(next(self._seq), key, COMMAND.dump_json(command), order, now, now)
            self.records.append(new)
            return self._lease(new, lease)

    def _lease(self, found: Record, lease: float) -> Row:
        found.state, found.attempts = "running", found.attempts + 1
        found.lease_until = self.clock.now() + lease
        return Row(found.id, found.key, COMMAND.validate_json(found.body), found.attempts, found.created)

    def heartbeat(self, row: Row, lease: float) -> bool:
        return self._change(row, lease_until=self.clock.now() + lease)

    def done(self, row: Row) -> bool:
        return self._change(row, state="done", ended=self.clock.now())

    def retry(self, row: Row, delay: float, error: str) -> bool:
        return self._change(row, state="waiting", due=self.clock.now() + delay, error=error)

    def bury(self, row: Row, error: str) -> bool:
        return self._change(row, state="dead", ended=self.clock.now(), error=error)

    def absorb(self, row: Row) -> int:
        with self._lock:
            mine = self._held(row)
            same = [r for r in self.records if mine and r.state == "waiting" and r.body == mine.body]
            same = [r for r in same if r.due <= self.clock.now()]
            for r in same:
                r.state, r.ended = "done", self.clock.now()
            return len(same)

    def dead(self, limit: int = 100) -> list[DeadLetter]:
        with self._lock:
            dead = sorted((r for r in self.records if r.state == "dead"), key=lambda r: (r.ended, r.seq), reverse=True)
            return [self._letter(r) for r in dead[:limit]]

    def next_due(self) -> float | None:
        with self._lock:
            return min((r.due for r in self.records if r.state == "waiting"), default=None)

    def forget(self, before: float) -> int:
        with self._lock:
            old = [r for r in self.records if r.state == "done" and r.ended < before]
            self.records = [r for r in self.records if r not in old]
            return len(old)

    def counts(self) -> dict[str, int]:
        with self._lock:
            self._up()
            return {s: sum(r.state == s for r in self.records) for s in ("waiting", "running", "dead")}

    def _up(self) -> None:
        if self.down:
            raise StoreUnavailable("the fake store is down")

    def _may_run(self, r: Record) -> bool:
        now = self.clock.now()
        if r.state == "running":
            return r.lease_until <= now
        return r.state == "waiting" and r.due <= now and not any(self._stands_before(o, r, now) for o in self.records)

    def _stands_before(self, other: Record, r: Record, now: float) -> bool:
        if other is r or r.order is None or other.order != r.order:
            return False
        put_for_later = other.attempts == 0 and other.due > now
        return other.state == "running" or (other.state == "waiting" and other.seq < r.seq and not put_for_later)

    def _held(self, row: Row) -> Record | None:
        with self._lock:
            self._up()
            mine = (r for r in self.records if r.id == row.id and r.state == "running" and r.attempts == row.attempt)
            return next(mine, None)

    def _change(self, row: Row, **values: object) -> bool:
        with self._lock:
            mine = self._held(row)
            for name, value in values.items() if mine else ():
                setattr(mine, name, value)
            return mine is not None

    @staticmethod
    def _letter(r: Record) -> DeadLetter:
        return DeadLetter(r.id, r.key, COMMAND.validate_json(r.body).kind, r.attempts, r.error, r.ended)


class FakeIntake:
    """The writing half, over a fake inbox."""

    def __init__(self, inbox: FakeInbox) -> None:
        self.inbox = inbox

    async def put(self, key: str, command: Command) -> str | None:
        return self.inbox.put(key, command)
