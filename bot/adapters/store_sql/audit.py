"""The audit chain in the database. A row is written under the lock that orders all writers of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, select, text
from sqlalchemy import Row as SqlRow

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import audit
from bot.domain.audit import AuditEntry, AuditHead, AuditRow, canonical, chained, column, storable

C = audit.c
_CODEC = TypeAdapter(AuditEntry)
_PAGE = 500
_LOCK = 0x51AC0905  # any number that nobody else locks in this database


class SqlAudit:
    """The Audit port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def append(self, *entries: AuditEntry) -> int:
        """As the port says."""
        with self._db.write() as connection:
            return append_in(connection, entries)

    def head(self) -> AuditHead:
        """As the port says."""
        with self._db.read() as connection:
            return _head(connection)

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """As the port says; a page at a time."""
        while page := self._many(select(audit).where(C.seq > after).order_by(C.seq).limit(_PAGE)):
            yield from page
            after = page[-1].seq

    def of_model(self, model: str, limit: int = 50) -> list[AuditRow]:
        """As the port says."""
        return self._many(select(audit).where(C.model == column(model)).order_by(C.seq.desc()).limit(limit))

    def of_change(self, change: str) -> list[AuditRow]:
        """As the port says."""
        return self._many(select(audit).where(C.change_id == change).order_by(C.seq))

    def _many(self, query: Select[Any]) -> list[AuditRow]:
        with self._db.read() as connection:
            return [_row(found) for found in connection.execute(query)]


def append_in(connection: Connection, entries: Sequence[AuditEntry]) -> int:
    """Add entries in a transaction that writes; those whose key is there already are left out."""
    if not entries:
        return 0
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    entries = [storable(one) for one in entries]
    known = set(connection.execute(select(C.key).where(C.key.in_([one.key for one in entries]))).scalars())
    head, added = _head(connection), 0
    for entry in entries:
        if entry.key in known:
            continue
        row = chained(head, entry)
        connection.execute(audit.insert(), _columns(row))
        head, added = AuditHead(row.seq, row.hash), added + 1
        known.add(entry.key)
    return added


def _head(connection: Connection) -> AuditHead:
    found = connection.execute(select(C.seq, C.hash).order_by(C.seq.desc()).limit(1)).one_or_none()
    return AuditHead(found.seq, found.hash) if found else AuditHead()


def _columns(row: AuditRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "seq": row.seq,
        "key": entry.key,
        "at": entry.at,
        "what": entry.what,
        "model": entry.model,
        "change_id": entry.change,
        "before": row.before,
        "hash": row.hash,
        "body": canonical(entry),
    }


def _row(found: SqlRow[Any]) -> AuditRow:
    entry, fault = _entry(found)
    return AuditRow(found.seq, found.before, found.hash, entry, fault)


def _entry(found: SqlRow[Any]) -> tuple[AuditEntry, str]:
    """The entry, and what is wrong with how it stands there: the hash covers the body, so the columns beside it must
    say the same."""
    try:
        entry = _CODEC.validate_python(json.loads(found.body))
        if canonical(entry) != found.body:
            return entry, "its body holds what no entry holds"
    except (ValueError, RecursionError):
        return AuditEntry(found.key, found.what, found.at, ""), "its body cannot be read"
    told = (entry.key, entry.at, entry.what, entry.model, entry.change)
    beside = (found.key, found.at, found.what, found.model, found.change_id)
    return entry, "" if told == beside else "its columns say something else than its body"
