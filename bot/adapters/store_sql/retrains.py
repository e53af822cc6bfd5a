"""Retrainings: one row each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select, update

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema_drift import retrains
from bot.domain.retraining import Retraining

C = retrains.c
MOST, MOST_RUNNING = 100, 1000


class SqlRetrains:
    """The Retrains port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, retrain: str) -> Retraining | None:
        """As the port says."""
        with self._db.read() as connection:
            body = connection.execute(select(C.body).where(C.id == retrain)).scalar_one_or_none()
        return None if body is None else Retraining.model_validate_json(body)

    def save(self, one: Retraining) -> None:
        """As the port says."""
        values = _columns(one)
        insert = self._db.insert(retrains).values(id=one.id, **values)
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))

    def change(self, retrain: str, edit: Callable[[Retraining], Retraining]) -> Retraining | None:
        """As the port says."""
        row = select(C.body).where(C.id == retrain).with_for_update()
        with self._db.write() as connection:
            body = connection.execute(row).scalar_one_or_none()
            if body is None:
                return None
            old = Retraining.model_validate_json(body)
            new = edit(old)
            if new != old:
                connection.execute(update(retrains).where(C.id == retrain).values(**_columns(new)))
        return new

    def of(self, model: str, environment: str | None = None) -> list[Retraining]:
        """As the port says."""
        query = select(C.body).where(C.model == model)
        if environment is not None:
            query = query.where(C.environment == environment)
        return self._all(query.order_by(C.asked.desc(), C.id.desc()).limit(MOST))

    def running(self) -> list[Retraining]:
        """As the port says."""
        return self._all(select(C.body).where(C.running).order_by(C.asked, C.id).limit(MOST_RUNNING))

    def by_version(self, model: str, version: str) -> Retraining | None:
        """As the port says."""
        query = select(C.body).where(C.model == model, C.version == version).order_by(C.asked.desc(), C.id.desc())
        return next(iter(self._all(query.limit(1))), None)

    def _all(self, query: Select[Any]) -> list[Retraining]:
        with self._db.read() as connection:
            return [Retraining.model_validate_json(body) for body in connection.execute(query).scalars()]


def _columns(one: Retraining) -> dict[str, Any]:
    return {
        "model": one.model,
        "environment": one.environment,
        "running": not one.settled,
        "asked": one.asked,
        "version": one.version,
        "body": one.model_dump_json(),
    }
