"""Starts of links: columns for what is looked up by, everything else sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, select, update

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.link_sealing import Sealer
from bot.adapters.store_sql.schema import link_starts
from bot.domain.linking import LinkStart

C = link_starts.c
_CODEC = TypeAdapter(LinkStart)


class SqlLinkStarts:
    """The LinkStarts port over SQL."""

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._db, self._box = database, Sealer(keys)

    def add(self, start: LinkStart) -> None:
        """As the port says."""
        with self._db.write() as connection:
            connection.execute(link_starts.insert(), {"id": start.id, **self._columns(start)})

    def get(self, start_id: str) -> LinkStart | None:
        """As the port says."""
        return self._one(C.id == start_id)

    def by_state(self, state: str) -> LinkStart | None:
        """As the port says."""
        return self._one(C.state == state) if state else None

    def move(self, old: LinkStart, new: LinkStart) -> bool:
        """As the port says."""
        same = (C.id == old.id, C.stage == old.stage.value, C.state == old.state)
        with self._db.write() as connection:
            return bool(connection.execute(update(link_starts).where(*same).values(**self._columns(new))).rowcount)

    def forget(self, before: float) -> int:
        """As the port says."""
        with self._db.write() as connection:
            return int(connection.execute(delete(link_starts).where(C.expires_at < before)).rowcount)

    def _one(self, where: ColumnElement[bool]) -> LinkStart | None:
        """What no key opens is no start any more."""
        with self._db.read() as connection:
            sealed = connection.execute(select(C.sealed).where(where).limit(1)).scalar()
        text = None if sealed is None else self._box.open_text(sealed)
        return None if text is None else _CODEC.validate_json(text)

    def _columns(self, start: LinkStart) -> dict[str, Any]:
        sealed = self._box.seal_text(_CODEC.dump_json(start).decode())
        return {"stage": start.stage.value, "state": start.state, "expires_at": start.expires_at, "sealed": sealed}
