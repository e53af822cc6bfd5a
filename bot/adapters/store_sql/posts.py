"""Which messages were posted about what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import posts
from bot.ports.records import PostRecord

C = posts.c


class SqlPosts:
    """The Posts port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, subject: str, mark: str) -> PostRecord | None:
        """As the port says."""
        with self._db.read() as connection:
            found = connection.execute(select(posts).where(C.subject == subject, C.mark == mark)).one_or_none()
        return None if found is None else _record(found)

    def of(self, subject: str) -> list[PostRecord]:
        """As the port says, in the order of their intents."""
        with self._db.read() as connection:
            query = select(posts).where(C.subject == subject).order_by(C.since, C.mark)
            return [_record(found) for found in connection.execute(query)]

    def save(self, record: PostRecord) -> None:
        """As the port says."""
        values = {
            "channel": record.channel,
            "since": record.since,
            "ts": record.ts,
            "fingerprint": record.fingerprint,
        }
        insert = self._db.insert(posts).values(subject=record.subject, mark=record.mark, **values)
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["subject", "mark"], set_=values))


def _record(found: SqlRow[Any]) -> PostRecord:
    return PostRecord(found.subject, found.mark, found.channel, found.since, found.ts, found.fingerprint)
