"""The tokens of linked accounts over time: one refresh at a time, revocation, new keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Table, select, update

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.link_rows import C, mine
from bot.adapters.store_sql.link_sealing import Sealer
from bot.adapters.store_sql.schema import link_revocations, link_starts, links
from bot.domain.people import Person
from bot.ports.links import LinkedAccount

R = link_revocations.c


class SqlLinkTokens:
    """The LinkTokens port over SQL. A lease is a column that one conditional UPDATE sets: no transaction is open while
    the forge is asked, so nobody else waits for the database meanwhile."""

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._db, self._box = database, Sealer(keys)

    def lease(self, person: Person, lease: str, until: float) -> LinkedAccount | None:
        """As the port says."""
        free = (mine(person), C.lease.is_(None), C.confirmed, ~C.dead)
        with self._db.write() as connection:
            taken = connection.execute(update(links).where(*free).values(lease=lease, lease_until=until))
            row = connection.execute(select(links).where(mine(person))).one_or_none() if taken.rowcount else None
            return None if row is None else self._box.open(row)

    def give_back(self, lease: str, account: LinkedAccount | None = None) -> bool:
        """As the port says."""
        values: dict[str, Any] = {"lease": None, "lease_until": None}
        with self._db.write() as connection:
            row = connection.execute(select(links).where(C.lease == lease).with_for_update()).one_or_none()
            if row is None:
                return False
            if account is not None:  # under the name that the row has now
                values["sealed"] = self._box.seal(replace(account, login=row.login, account=row.account))
            connection.execute(update(links).where(C.lease == lease).values(**values))
        return True

    def expire(self, now: float) -> int:
        """As the port says."""
        over = update(links).where(C.lease_until < now).values(dead=True, lease=None, lease_until=None)
        with self._db.write() as connection:
            return int(connection.execute(over).rowcount)

    def bury(self, person: Person, token: str) -> bool:
        """As the port says."""
        with self._db.write() as connection:
            row = connection.execute(select(links).where(mine(person)).with_for_update()).one_or_none()
            if row is None or self._box.open(row).token != token:
                return False
            values = {"dead": True, "lease": None, "lease_until": None}
            connection.execute(update(links).where(mine(person)).values(**values))
        return True

    def revocation(self, ident: str) -> LinkedAccount | None:
        """As the port says."""
        with self._db.read() as connection:
            row = connection.execute(select(link_revocations).where(R.id == ident)).one_or_none()
        return None if row is None else self._box.open(row)

    def keep_revocation(self, ident: str, account: LinkedAccount) -> None:
        """As the port says."""
        with self._db.write() as connection:
            sealed = self._box.seal(account)
            connection.execute(update(link_revocations).where(R.id == ident).values(sealed=sealed))

    def revoked(self, ident: str) -> None:
        """As the port says."""
        with self._db.write() as connection:
            connection.execute(link_revocations.delete().where(R.id == ident))

    def rotate(self) -> tuple[int, int]:
        """Seal everything again with the first key, row by row, so that it may be stopped and run again: how many rows
        were sealed anew, and how many no key opens."""
        done = lost = 0
        for table in (links, link_revocations, link_starts):
            for row in self._rows(table):
                sealed = self._box.again(row.sealed)
                lost += sealed is None
                done += sealed is not None and self._put(table, row, sealed)
        return done, lost

    def _rows(self, table: Table) -> Any:
        with self._db.read() as connection:
            return connection.execute(select(*table.primary_key.columns, table.c.sealed)).all()

    def _put(self, table: Table, row: SqlRow[Any], sealed: str) -> bool:
        """Unless it was sealed anew meanwhile, by whoever refreshed it."""
        same = [column == getattr(row, column.name) for column in table.primary_key.columns]
        change = update(table).where(*same, table.c.sealed == row.sealed).values(sealed=sealed)
        with self._db.write() as connection:
            return bool(connection.execute(change).rowcount)
