"""What was evaluated last for each change."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import changes, evaluations
from bot.domain.change import ChangeState

C = evaluations.c
_GOES_ON = [state.value for state in ChangeState if not state.final or state is ChangeState.WATCHING]


class SqlEvaluations:
    """The Evaluations port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(self, change_id: str, at: float, body: str) -> None:
        """As the port says."""
        found = self.get(change_id)
        if found is not None and found[1] == body:
            return
        insert = self._db.insert(evaluations).values(change_id=change_id, at=at, body=body)
        with self._db.write() as connection:
            connection.execute(
                insert.on_conflict_do_update(index_elements=["change_id"], set_={"at": at, "body": body})
            )

    def get(self, change_id: str) -> tuple[float, str] | None:
        """As the port says."""
        with self._db.read() as connection:
            found = connection.execute(select(C.at, C.body).where(C.change_id == change_id)).one_or_none()
        return None if found is None else (found.at, found.body)

    def forget(self, before: float) -> int:
        """As the port says."""
        needed = select(changes.c.id).where(changes.c.id == C.change_id, changes.c.state.in_(_GOES_ON))
        with self._db.write() as connection:
            return connection.execute(delete(evaluations).where(C.at < before, ~needed.exists())).rowcount
