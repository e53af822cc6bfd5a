"""What was done when: sources' cursors, runs' and digests' last times."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema_drift import drift_memory

C = drift_memory.c


class SqlDriftMemory:
    """The DriftMemory port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, key: str) -> tuple[float, str] | None:
        """As the port says."""
        with self._db.read() as connection:
            found = connection.execute(select(C.at, C.body).where(C.key == key)).one_or_none()
        return None if found is None else (found.at, found.body)

    def starting(self, prefix: str) -> dict[str, tuple[float, str]]:
        """As the port says."""
        query = select(C.key, C.at, C.body).where(func.substr(C.key, 1, len(prefix)) == prefix)
        with self._db.read() as connection:
            return {found.key: (found.at, found.body) for found in connection.execute(query)}

    def save(self, key: str, at: float, body: str = "") -> None:
        """As the port says."""
        values = {"at": at, "body": body}
        insert = self._db.insert(drift_memory).values(key=key, **values)
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=values))

    def claim(self, key: str, at: float) -> bool:
        """As the port says; the body stays."""
        insert = self._db.insert(drift_memory).values(key=key, at=at, body="")
        moved = insert.on_conflict_do_update(index_elements=["key"], set_={"at": at}, where=C.at < at)
        with self._db.write() as connection:
            return connection.execute(moved.returning(C.key)).one_or_none() is not None

    def forget(self, before: float) -> int:
        """As the port says."""
        with self._db.write() as connection:
            return connection.execute(delete(drift_memory).where(C.at < before)).rowcount
