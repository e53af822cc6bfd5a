"""Records of changes: columns for what is looked up by, one JSON body for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.store_sql.audit import append_in
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import changes
from bot.domain.audit import AuditEntry
from bot.domain.change import Change, ChangeState
from bot.domain.glass import owed
from bot.errors import Fatal
from bot.ports.records import ChangeExists

C = changes.c
_CODEC = TypeAdapter(Change)
_HELD = C.state.in_([ChangeState.PROPOSING.value, ChangeState.OPEN.value])
_UNDECIDED = C.state.in_([state.value for state in ChangeState if not state.final])

_MERGED = C.state.in_([ChangeState.WATCHING.value, ChangeState.MERGED.value])


class SqlChanges:
    """The Changes port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, change: Change, *audit: AuditEntry) -> None:
        """As the port says."""
        with _one_a_target(change), self._db.write() as connection:
            connection.execute(changes.insert(), _columns(change))
            append_in(connection, audit)

    def get(self, change_id: str) -> Change | None:
        """As the port says."""
        return self._one(select(C.body).where(C.id == change_id))

    def by_number(self, number: int) -> Change | None:
        """As the port says."""
        return self._one(select(C.body).where(C.number == number).order_by(C.created_at.desc(), C.id.desc()))

    def open_for(self, model: str, environment: str) -> Change | None:
        """As the port says."""
        return self._one(select(C.body).where(C.model == model, C.environment == environment, _HELD))

    def all_open(self) -> list[Change]:
        """As the port says."""
        return self._many(select(C.body).where(_UNDECIDED).order_by(C.created_at, C.id))

    def all_watching(self) -> list[Change]:
        """As the port says."""
        return self._many(select(C.body).where(C.state == ChangeState.WATCHING.value).order_by(C.created_at, C.id))

    def merged_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        """As the port says. A change is merged after it was created, and there is one open change of a target."""
        about = select(C.body).where(C.model == model, C.environment == environment, _MERGED)
        found = self._many(about.order_by(C.created_at.desc(), C.id.desc()).limit(limit))
        return sorted(found, key=lambda change: change.merged_at or change.created_at, reverse=True)

    def closed_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        """As the port says."""
        about = C.model == model, C.environment == environment, C.state == ChangeState.CLOSED.value
        return self._many(select(C.body).where(*about).order_by(C.created_at.desc(), C.id.desc()).limit(limit))

    def merged_since(self, since: float) -> list[Change]:
        """As the port says."""
        return self._many(select(C.body).where(C.created_at >= since, _MERGED).order_by(C.created_at, C.id))

    def in_debt(self, model: str) -> list[Change]:
        """As the port says. The body is only searched for what may be meant; the record says what is."""
        about = select(C.body).where(C.model == model, _MERGED, C.body.contains('"glass":{'))
        return [one for one in self._many(about.order_by(C.created_at, C.id)) if owed(one)]

    def update(self, change_id: str, edit: Callable[[Change], Change], *audit: AuditEntry) -> Change:
        """As the port says. ``edit`` may run while others wait: it must be quick and pure."""
        row = select(C.body).where(C.id == change_id).with_for_update()
        with self._db.write() as connection:
            body = connection.execute(row).scalar()
            if body is None:
                raise Fatal(f"there is no change {change_id}")
            old = _CODEC.validate_json(body)
            new = edit(old)
            if new != old:
                with _one_a_target(new):
                    connection.execute(update(changes).where(C.id == change_id).values(**_columns(new)))
                append_in(connection, audit)
        return new

    def _many(self, query: Select[Any]) -> list[Change]:
        with self._db.read() as connection:
            return [_CODEC.validate_json(body) for body in connection.execute(query).scalars().all()]

    def _one(self, query: Select[Any]) -> Change | None:
        with self._db.read() as connection:
            body = connection.execute(query.limit(1)).scalar()
        return None if body is None else _CODEC.validate_json(body)


@contextmanager
def _one_a_target(change: Change) -> Iterator[None]:
    """Says what the broken constraint means."""
    try:
        yield
    except IntegrityError as error:
        raise ChangeExists(change.intent.model, change.intent.environment) from error


def _columns(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "model": change.intent.model,
        "environment": change.intent.environment,
        "state": change.state.value,
        "number": change.number,
        "created_at": change.created_at,
        "body": _CODEC.dump_json(change).decode(),
    }
