"""Linked accounts. A token is sealed together with whose it is, so that a swapped or copied row opens for nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Row as SqlRow
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import links
from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports.links import LinkedAccount

C = links.c


class SqlLinks:
    """The Links port over SQL. ``keys`` are Fernet keys: the first seals, all open."""

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._db = database
        self._box = MultiFernet([Fernet(key) for key in keys])

    def of(self, person: Person) -> LinkedAccount | None:
        """As the port says. Raises Refused(NOT_LINKED) when no key opens the token any more."""
        with self._db.read() as connection:
            found = connection.execute(select(links).where(C.team == person.team, C.user == person.user)).one_or_none()
        return None if found is None else LinkedAccount(person, found.login, self._open(found))

    def login_of(self, person: Person) -> str | None:
        """As the port says."""
        with self._db.read() as connection:
            return connection.execute(select(C.login).where(C.team == person.team, C.user == person.user)).scalar()

    def account_of(self, person: Person) -> int | None:
        """As the port says."""
        return None if self.login_of(person) is None else 0

    def by_login(self, login: str, account: int = 0) -> Person | None:  # noqa: ARG002
        """As the port says. GitHub does not tell upper from lower case in logins."""
        with self._db.read() as connection:
            query = select(C.team, C.user).where(C.login_folded == login.casefold())
            found = connection.execute(query).one_or_none()
        return None if found is None else Person(team=found.team, user=found.user)

    def by_user(self, user: str) -> Person | None:
        """As the port says."""
        with self._db.read() as connection:
            teams = connection.execute(select(C.team).where(C.user == user)).scalars().all()
        return Person(team=teams[0], user=user) if len(teams) == 1 else None

    def save(self, account: LinkedAccount) -> None:
        """As the port says."""
        values = {"login": account.login, "login_folded": account.login.casefold(), "sealed": self._seal(account)}
        whose = {"team": account.person.team, "user": account.person.user}
        upsert = self._db.insert(links).values(**whose, **values)
        upsert = upsert.on_conflict_do_update(index_elements=["team", "user"], set_=values)
        try:
            with self._db.write() as connection:
                connection.execute(upsert)
        except IntegrityError as error:
            raise Refused(
                Reason.NOT_ALLOWED,
                f"The GitHub account {account.login} is linked by another Slack user.",
                "That user unlinks it first: one GitHub account stands for one person.",
            ) from error

    def rotate(self) -> int:
        """Seal every token again with the first key; how many there were. Raises Refused as ``of`` does."""
        with self._db.write() as connection:
            found = connection.execute(select(links).with_for_update()).all()
            for row in found:
                sealed = self._seal(LinkedAccount(Person(team=row.team, user=row.user), row.login, self._open(row)))
                whose = (C.team == row.team, C.user == row.user)
                connection.execute(update(links).where(*whose).values(sealed=sealed))
        return len(found)

    def _seal(self, account: LinkedAccount) -> str:
        whose = [account.person.team, account.person.user, account.login]
        return self._box.encrypt(json.dumps([*whose, account.token]).encode()).decode()

    def _open(self, row: SqlRow[Any]) -> str:
        try:
            team, user, login, token = json.loads(self._box.decrypt(row.sealed.encode()))
        except InvalidToken:
            team = user = login = token = None
        if (team, user, login) != (row.team, row.user, row.login):
            raise Refused(
                Reason.NOT_LINKED,
                f"The stored GitHub token of {row.login} cannot be opened with the keys that the bot has.",
                "Link the account again, or put the key back that sealed it.",
            )
        return str(token)
