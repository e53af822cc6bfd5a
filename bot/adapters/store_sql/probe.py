"""Questions about the database, for `slackops doctor`. Nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import inspect, text

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.links import SqlLinks
from bot.adapters.store_sql.migrate import HEAD
from bot.errors import Refused, SlackOpsError


class SqlProbe:
    """The StoreProbe port. ``keys`` are the Fernet keys of the links."""

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._db, self._keys = database, keys

    def revision(self) -> tuple[str | None, str]:
        """As the port says."""
        with self._db.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None, HEAD
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar(), HEAD

    def current(self) -> bool:
        """Whether the tables are those of this release; False as well where the database does not answer."""
        try:
            return self.revision()[0] == HEAD
        except SlackOpsError:
            return False

    def write(self) -> None:
        """As the port says: a table is made and taken back, in one transaction."""
        with self._db.write() as connection:
            connection.execute(text("CREATE TABLE slackops_doctor (one INTEGER)"))
            connection.execute(text("DROP TABLE slackops_doctor"))

    def links(self) -> tuple[int, tuple[str, ...]]:
        """As the port says; none where the schema is not there, or an older one."""
        if not self.current():
            return 0, ()
        links = SqlLinks(self._db, self._keys)
        every, closed = links.everyone(), []
        for one in every:
            try:
                links.of(one.person)
            except Refused:
                closed.append(one.login)
        return len(every), tuple(closed)

    @property
    def where(self) -> str:
        """As the port says."""
        url = self._db.url
        return f"SQLite {url.database}" if self._db.is_sqlite else f"PostgreSQL {url.host or ''}/{url.database}"
