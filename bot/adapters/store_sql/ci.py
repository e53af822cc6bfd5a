"""What was seen of CI: one row a branch."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import ci_states
from bot.domain.ci_branch import CiBranch

C = ci_states.c
_BRANCH = TypeAdapter(CiBranch)


class SqlCiLog:
    """The CiLog port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, repo: str, branch: str) -> CiBranch | None:
        """As the port says."""
        with self._db.read() as connection:
            query = select(C.body).where(C.repo == repo, C.branch == branch)
            body = connection.execute(query).scalar_one_or_none()
        return None if body is None else _BRANCH.validate_json(body)

    def of(self, repo: str) -> list[CiBranch]:
        """As the port says."""
        query = select(C.body).where(C.repo == repo).order_by(C.at.desc(), C.branch)
        with self._db.read() as connection:
            return [_BRANCH.validate_json(body) for body in connection.execute(query).scalars()]

    def save(self, branch: CiBranch) -> None:
        """As the port says."""
        values = {
            "failing": branch.main and branch.failing,
            "at": branch.at,
            "body": _BRANCH.dump_json(branch).decode(),
        }
        insert = self._db.insert(ci_states).values(repo=branch.repo, branch=branch.branch, **values)
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["repo", "branch"], set_=values))

    def forget(self, before: float) -> int:
        """As the port says."""
        with self._db.write() as connection:
            return connection.execute(delete(ci_states).where(C.at < before, ~C.failing)).rowcount
