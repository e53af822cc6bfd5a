"""The inbox as a leased table: a unique delivery key, FIFO per order key, lease, heartbeat, fencing by attempt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.store_sql import queue_sql
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.rows import body_of, new_row, read_row
from bot.adapters.store_sql.schema import DEAD, DONE, RUNNING, WAITING, inbox
from bot.domain.commands import Command
from bot.domain.commands_order import order_key
from bot.ports.clock import Clock
from bot.ports.inbox import DeadLetter, Row

C = inbox.c


class SqlInbox:
    """The Inbox port over SQL. ``on_put`` is called after a row was committed, so that a worker can wake up."""

    def __init__(self, database: Database, clock: Clock, on_put: Callable[[], None] = lambda: None) -> None:
        self._db, self._clock, self.on_put = database, clock, on_put
        self._insert = database.insert(inbox).on_conflict_do_nothing(index_elements=["key"]).returning(C.id)
        self._peek, self._peek_order = queue_sql.next_row(), queue_sql.next_row(of_order=True)
        self._claim = queue_sql.claim(skip_locked=not database.is_sqlite)
        self._claim_order = queue_sql.claim(skip_locked=not database.is_sqlite, of_order=True)
        self._before = queue_sql.stands_before()
        self._held = update(inbox).where(queue_sql.held()).returning(C.seq)

    def put(self, key: str, command: Command, delay: float = 0) -> str | None:
        """As the port says."""
        with self._db.write() as connection:
            written: str | None = connection.execute(
                self._insert, new_row(key, command, self._clock.now(), delay)
            ).scalar()
        if written is not None:
            self.on_put()
        return written

    def claim(self, owner: str, lease: float, order: str | None = None, but: Sequence[str] = ()) -> Row | None:
        """As the port says. A row that this release cannot read becomes a dead letter, and the next one is taken."""
        now = self._clock.now()
        asked = {"now": now, "but": list(but), **({} if order is None else {"order": order})}
        while self._is_any(asked):
            found = self._take({**asked, "by": owner, "until": now + lease})
            if found is None:
                return None
            try:
                return read_row(found)
            except ValidationError as error:
                self._end(found.id, found.attempts, DEAD, f"not a command of this release: {error.errors()[0]['msg']}")
        return None

    def begin(self, key: str, command: Command, owner: str, lease: float) -> Row | None:
        """As the port says."""
        now, order = self._clock.now(), order_key(command)
        new = new_row(key, command, now)
        running = {"state": RUNNING, "attempts": 1, "owner": owner, "lease_until": now + lease}
        try:
            with self._db.write() as connection:
                if order and connection.execute(self._before, {"order": order, "now": now}).scalar() is not None:
                    return None
                written = connection.execute(self._insert, {**new, **running}).scalar()
        except IntegrityError:
            return None  # a worker took a row of the same order in the same instant
        return None if written is None else Row(new["id"], new["key"], command, 1, now)

    def heartbeat(self, row: Row, lease: float) -> bool:
        """As the port says."""
        return self._set(row.id, row.attempt, lease_until=self._clock.now() + lease)

    def done(self, row: Row) -> bool:
        """As the port says."""
        return self._end(row.id, row.attempt, DONE, None)

    def retry(self, row: Row, delay: float, error: str) -> bool:
        """As the port says."""
        due = self._clock.now() + delay
        return self._set(row.id, row.attempt, state=WAITING, due_at=due, owner=None, lease_until=None, error=error)

    def bury(self, row: Row, error: str) -> bool:
        """As the port says."""
        return self._end(row.id, row.attempt, DEAD, error)

    def absorb(self, row: Row) -> int:
        """As the port says; 0 when fenced."""
        order, now = order_key(row.command), self._clock.now()
        same = [C.state == WAITING, C.id != row.id, C.kind == row.command.kind, C.body == body_of(row.command)]
        same.append(C.due_at <= now)
        same.append(C.order_key.is_(None) if order is None else C.order_key == order)
        with self._db.write() as connection:
            if not _is_held(connection, row):
                return 0
            done = update(inbox).where(*same).values(state=DONE, ended_at=now, error=f"absorbed by {row.id}")
            return connection.execute(done).rowcount

    def dead(self, limit: int = 100) -> list[DeadLetter]:
        """As the port says."""
        newest = select(inbox).where(C.state == DEAD).order_by(C.ended_at.desc(), C.seq.desc()).limit(limit)
        with self._db.read() as connection:
            rows = connection.execute(newest).all()
        return [DeadLetter(r.id, r.key, r.kind, r.attempts, r.error or "", r.ended_at) for r in rows]

    def next_due(self) -> float | None:
        """As the port says."""
        with self._db.read() as connection:
            return connection.execute(select(func.min(C.due_at)).where(C.state == WAITING)).scalar()

    def counts(self) -> dict[str, int]:
        """How many rows are waiting, running and dead: for metrics and readiness."""
        states = (WAITING, RUNNING, DEAD)
        tally = select(C.state, func.count().label("n")).where(C.state.in_(states)).group_by(C.state)
        with self._db.read() as connection:
            found = {row.state: row.n for row in connection.execute(tally)}
        return {state: found.get(state, 0) for state in states}

    def forget(self, before: float) -> int:
        """As the port says."""
        old = inbox.delete().where(C.state == DONE, C.ended_at < before)
        with self._db.write() as connection:
            return connection.execute(old).rowcount

    def _is_any(self, asked: dict[str, Any]) -> bool:
        """Looking first keeps an idle worker from taking the write lock once a second."""
        with self._db.read() as connection:
            return connection.execute(self._peek_order if "order" in asked else self._peek, asked).scalar() is not None

    def _take(self, asked: dict[str, Any]) -> Any:
        try:
            with self._db.write() as connection:
                return connection.execute(self._claim_order if "order" in asked else self._claim, asked).one_or_none()
        except IntegrityError:
            return None  # another worker took a row of the same order in the same instant

    def _end(self, row_id: str, attempt: int, state: str, error: str | None) -> bool:
        return self._set(row_id, attempt, state=state, ended_at=self._clock.now(), lease_until=None, error=error)

    def _set(self, row_id: str, attempt: int, **values: Any) -> bool:
        with self._db.write() as connection:
            fenced = self._held.values(**values)
            return connection.execute(fenced, {"row": row_id, "token": attempt}).scalar() is not None


def _is_held(connection: Connection, row: Row) -> bool:
    mine = select(C.seq).where(queue_sql.held()).with_for_update()
    return connection.execute(mine, {"row": row.id, "token": row.attempt}).scalar() is not None
