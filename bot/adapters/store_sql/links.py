"""Linked accounts: who is which account of the forge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy import Row as SqlRow
from sqlalchemy.exc import IntegrityError

from bot.adapters.clock import SystemClock
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.link_rows import (
    C,
    H,
    ever,
    line_of,
    make_room,
    mine,
    remember,
    revoke_later,
    taken,
    with_it,
)
from bot.adapters.store_sql.link_sealing import Sealer
from bot.adapters.store_sql.schema import links
from bot.domain.audit import AuditEntry
from bot.domain.people import Person
from bot.errors import Refused
from bot.ports.clock import Clock
from bot.ports.links import Follow, LinkedAccount, LinkLine


class SqlLinks:
    """The Links port over SQL. ``keys`` are Fernet keys: the first seals, all open. ``on_put`` is called after rows of
    the inbox were written."""

    def __init__(
        self,
        database: Database,
        keys: Sequence[str],
        clock: Clock | None = None,
        on_put: Callable[[], None] = lambda: None,
    ) -> None:
        self._db, self._box, self._clock, self.on_put = database, Sealer(keys), clock or SystemClock(), on_put

    def of(self, person: Person) -> LinkedAccount | None:
        """As the port says. Raises Refused(NOT_LINKED) when no key opens the token any more."""
        found = self._row(mine(person), C.confirmed, ~C.dead)
        return None if found is None else self._box.open(found)

    def login_of(self, person: Person) -> str | None:
        """As the port says."""
        found = self._row(mine(person), C.confirmed)
        return None if found is None else str(found.login)

    def account_of(self, person: Person) -> int | None:
        """As the port says."""
        found = self._row(mine(person), C.confirmed)
        return None if found is None else int(found.account)

    def by_login(self, login: str, account: int = 0) -> Person | None:
        """As the port says. GitHub does not tell upper from lower case in logins."""
        found = self._row(C.account == account, C.confirmed) if account else None
        if found is None:
            named = C.login_folded == login.casefold()
            found = self._row(named, C.confirmed, C.account == 0) if account else self._row(named, C.confirmed)
        return None if found is None else Person(team=found.team, user=found.user)

    def people_of(self, login: str, account: int = 0) -> frozenset[Person]:
        """As the port says."""
        with self._db.read() as connection:
            found = connection.execute(select(H.team, H.user).where(ever(login, account)).distinct()).all()
        return frozenset(Person(team=row.team, user=row.user) for row in found)

    def by_user(self, user: str) -> Person | None:
        """As the port says."""
        found = self._rows(C.user == user, C.confirmed)
        return Person(team=found[0].team, user=user) if len(found) == 1 else None

    def save(self, account: LinkedAccount, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> None:
        """As the port says."""
        values = {
            "login": account.login,
            "login_folded": account.login.casefold(),
            "account": account.account,
            "sealed": self._box.seal(account),
            "confirmed": account.confirmed,
            "dead": False,
            "member": False,
            "lease": None,
            "lease_until": None,
        }
        upsert = self._db.insert(links).values(team=account.person.team, user=account.person.user, **values)
        upsert = upsert.on_conflict_do_update(index_elements=["team", "user"], set_=values)
        try:
            with self._db.write() as connection:
                make_room(connection, account)
                old = connection.execute(select(links).where(mine(account.person)).with_for_update()).one_or_none()
                if old is not None and not self._holds(old, account.token):
                    revoke_later(self._db, connection, old, self._clock.now())
                connection.execute(upsert)
                remember(self._db, connection, account.person)
                with_it(self._db, connection, audit, follow, self._clock.now())
        except IntegrityError as error:  # two at once: the index knows
            raise taken(account.login) from error
        self.on_put()

    def remove(self, person: Person, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> LinkLine | None:
        """As the port says."""
        with self._db.write() as connection:
            old = connection.execute(select(links).where(mine(person)).with_for_update()).one_or_none()
            if old is not None:
                revoke_later(self._db, connection, old, self._clock.now())
                connection.execute(delete(links).where(mine(person)))
            with_it(self._db, connection, audit if old is not None else (), follow, self._clock.now())
        self.on_put()
        return None if old is None else line_of(old)

    def waiting(self, person: Person) -> LinkLine | None:
        """As the port says."""
        found = self._row(mine(person), ~C.confirmed)
        return None if found is None else line_of(found)

    def confirm(self, person: Person, login: str, *audit: AuditEntry) -> bool:
        """As the port says."""
        with self._db.write() as connection:
            waits = (mine(person), ~C.confirmed, C.login == login)
            done = connection.execute(update(links).where(*waits).values(confirmed=True))
            if done.rowcount:
                remember(self._db, connection, person)
                with_it(self._db, connection, audit, (), self._clock.now())
        return bool(done.rowcount)

    def everyone(self) -> list[LinkLine]:
        """As the port says."""
        return [line_of(row) for row in self._rows()]

    def seen(self, person: Person, login: str, *, account: int = 0, member: bool | None = None) -> None:
        """As the port says. Name and number are part of what is sealed, so new ones seal anew."""
        try:
            with self._db.write() as connection:
                row = connection.execute(select(links).where(mine(person)).with_for_update()).one_or_none()
                if row is None or (account and row.account not in (0, account)):
                    return
                values = self._as_seen(row, login, account or row.account)
                values |= {} if member is None else {"member": member}
                if values:
                    connection.execute(update(links).where(mine(person)).values(**values))
                    remember(self._db, connection, person)
        except IntegrityError as error:
            raise taken(login) from error

    def _as_seen(self, row: SqlRow[Any], login: str, account: int) -> dict[str, Any]:
        if (row.login, row.account) == (login, account):
            return {}
        sealed = self._box.seal(replace(self._box.open(row), login=login, account=account))
        return {"login": login, "login_folded": login.casefold(), "account": account, "sealed": sealed}

    def _holds(self, row: SqlRow[Any], token: str) -> bool:
        """Whether the row's token is this one; what cannot be opened cannot be revoked either."""
        try:
            return self._box.open(row).token == token
        except Refused:
            return True

    def _row(self, *where: ColumnElement[bool]) -> SqlRow[Any] | None:
        found = self._rows(*where)
        return found[0] if len(found) == 1 else None

    def _rows(self, *where: ColumnElement[bool]) -> list[SqlRow[Any]]:
        with self._db.read() as connection:
            return list(connection.execute(select(links).where(*where).order_by(C.team, C.user)).all())
