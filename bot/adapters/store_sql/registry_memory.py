"""What the registry said at the last look."""

from __future__ import annotations

import json

from sqlalchemy import select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import registry_seen
from bot.domain.registry_events import RegistryState

C = registry_seen.c


class SqlRegistryMemory:
    """The RegistryMemory port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, model: str) -> RegistryState | None:
        """As the port says."""
        with self._db.read() as connection:
            body = connection.execute(select(C.body).where(C.model == model)).scalar()
        return None if body is None else _state(model, body)

    def save(self, state: RegistryState, at: float) -> None:
        """As the port says."""
        tags = {version: dict(one) for version, one in state.tags.items()}
        seen = {"aliases": dict(state.aliases), "tags": tags, "facts": dict(state.facts)}
        body = json.dumps(seen | {"look": state.look, "rules": state.rules})
        values = {"at": at, "body": body}
        insert = self._db.insert(registry_seen).values(model=state.model, **values)
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["model"], set_=values))


def _state(model: str, body: str) -> RegistryState:
    told = json.loads(body)
    facts = told.get("facts", {})
    return RegistryState(model, told["aliases"], told["tags"], facts, told["look"], tuple(told["rules"]))
