"""What links are made of in SQL: who holds an account, what goes with a token that is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select
from sqlalchemy import Row as SqlRow
from ulid import ULID

from bot.adapters.store_sql.audit import append_in
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.rows import new_row
from bot.adapters.store_sql.schema import inbox, link_history, link_revocations, links
from bot.domain.audit import AuditEntry
from bot.domain.commands import RevokeToken
from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports.links import Follow, LinkedAccount, LinkLine

C, H = links.c, link_history.c


def mine(person: Person) -> ColumnElement[bool]:
    """The row of a person."""
    return and_(C.team == person.team, C.user == person.user)


def line_of(row: SqlRow[Any]) -> LinkLine:
    """A row without its token."""
    return LinkLine(Person(team=row.team, user=row.user), row.login, row.account, row.confirmed, row.member)


def taken(login: str) -> Refused:
    """Somebody else has this account."""
    return Refused(
        Reason.NOT_ALLOWED,
        f"The GitHub account {login} is linked by another Slack user.",
        "That user unlinks it first: one GitHub account stands for one person.",
    )


def make_room(connection: Connection, account: LinkedAccount) -> None:
    """Raises Refused where another person has the account. What nobody confirmed gives way to what is certain."""
    named = C.login_folded == account.login.casefold()
    same = or_(C.account == account.account, and_(C.account == 0, named)) if account.account else named
    for other in connection.execute(select(links).where(same, ~mine(account.person)).with_for_update()).all():
        if other.confirmed or not account.confirmed:
            raise taken(account.login)
        connection.execute(delete(links).where(mine(Person(team=other.team, user=other.user))))


def remember(database: Database, connection: Connection, person: Person) -> None:
    """Keep for good that the person's account stands for them, unless nobody confirmed it."""
    row = connection.execute(select(links).where(mine(person), C.confirmed)).one_or_none()
    if row is not None:
        kept = {name: getattr(row, name) for name in ("team", "user", "account", "login_folded")}
        connection.execute(database.insert(link_history).on_conflict_do_nothing(), kept)


def ever(login: str, account: int) -> ColumnElement[bool]:
    """The rows of the history that are about an account: by its number, and by its name where a number is missing."""
    named = H.login_folded == login.casefold()
    return or_(H.account == account, and_(H.account == 0, named)) if account else named


def revoke_later(database: Database, connection: Connection, row: SqlRow[Any], now: float) -> None:
    """Put a row's token down for revocation, and ask for it."""
    kept = {name: getattr(row, name) for name in ("team", "user", "login", "login_folded", "account", "sealed")}
    ident = str(ULID())
    connection.execute(link_revocations.insert(), {"id": ident, **kept})
    follow_up(database, connection, [(f"revoke:{ident}", RevokeToken(ident=ident))], now)


def follow_up(database: Database, connection: Connection, follow: Sequence[Follow], now: float) -> None:
    """Rows of the inbox, each once by its key."""
    once = database.insert(inbox).on_conflict_do_nothing(index_elements=["key"])
    for key, command in follow:
        connection.execute(once, new_row(key, command, now))


def with_it(
    database: Database, connection: Connection, audit: Sequence[AuditEntry], follow: Sequence[Follow], now: float
) -> None:
    """What goes into the same transaction."""
    append_in(connection, audit)
    follow_up(database, connection, follow, now)
