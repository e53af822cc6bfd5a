"""Links in the database: by number, sealed, moved over from the first releases, one lease at a time, new keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.adapters.store_sql import Database, SqlAudit, SqlInbox, SqlLinks, SqlLinkStarts, SqlLinkTokens, migrate
from bot.adapters.store_sql.link_sealing import Sealer
from bot.domain.audit import AuditEntry
from bot.domain.commands import Linked, Origin, RevokeToken
from bot.domain.linking import LinkStart, Stage
from bot.domain.people import Person
from bot.errors import Refused
from bot.ports.links import LinkedAccount
from tests.fakes.clock import FakeClock
from tests.support.store import database, postgres_url, sqlite_template

__all__ = ["database", "postgres_url", "sqlite_template"]

ANA, BEN = (Person(team="T1", user=user) for user in ("UANA", "UBEN"))
KEY = Fernet.generate_key().decode()


def account(
    person: Person = ANA, login: str = "ana", number: int = 7, token: str = "ghu_1", **more: object
) -> LinkedAccount:
    return LinkedAccount(person, login, token, number, refresh_token=f"r-{token}", expires_at=5.0, **more)  # type: ignore[arg-type]


@pytest.fixture
def links(database: Database) -> SqlLinks:
    return SqlLinks(database, [KEY], FakeClock())


@pytest.fixture
def tokens(database: Database) -> SqlLinkTokens:
    return SqlLinkTokens(database, [KEY])


def rows(database: Database) -> list[object]:
    inbox, found = SqlInbox(database, FakeClock()), []
    while row := inbox.claim("w", 60):
        found.append(row.command)
        inbox.done(row)
    return found


def entry(key: str = "k") -> AuditEntry:
    return AuditEntry(key=key, what="linked", at=1.0, by="slack:T1/UANA")


def test_a_link_its_audit_row_and_what_follows_are_written_together(database: Database, links: SqlLinks) -> None:
    follow = ("linked:1", Linked(person=ANA, login="ana"))
    links.save(account(), entry(), follow=[follow])
    links.save(account(), entry(), follow=[follow])
    assert links.of(ANA) == account()
    assert rows(database) == [follow[1]]
    assert SqlAudit(database).head().seq == 1
    with pytest.raises(Refused):
        links.save(account(BEN), entry("k2"), follow=[("linked:2", Linked(person=BEN, login="ana"))])
    assert (rows(database), SqlAudit(database).head().seq) == ([], 1)


def test_the_number_counts_not_the_name(links: SqlLinks) -> None:
    links.save(account(login="ana", number=7))
    with pytest.raises(Refused, match="another Slack user"):
        links.save(account(BEN, login="renamed", number=7))
    links.save(account(BEN, login="ana", number=8))  # the name came free, and changed hands
    assert (links.by_login("ana", 7), links.by_login("ana", 8), links.by_login("x", 8)) == (ANA, BEN, BEN)
    assert links.by_login("ana", 9) is None
    links.seen(ANA, "ana-2", member=True)
    assert (links.of(ANA), links.everyone()[0].member) == (account(login="ana-2"), True)


def test_two_people_at_once_one_account(database: Database) -> None:
    together = Barrier(2)

    def link(person: Person) -> bool:
        mine = SqlLinks(database, [KEY])
        together.wait(10)
        try:
            mine.save(account(person, number=7))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(link, (ANA, BEN))) == [False, True]
    assert len(SqlLinks(database, [KEY]).everyone()) == 1


def test_what_waits_for_its_confirmation_stands_for_nobody_and_gives_way(links: SqlLinks) -> None:
    links.save(account(confirmed=False))
    assert (links.of(ANA), links.login_of(ANA), links.account_of(ANA)) == (None, None, None)
    assert (links.by_login("ana"), links.by_user("UANA")) == (None, None)
    with pytest.raises(Refused):
        links.save(account(BEN, confirmed=False))
    links.save(account(BEN))
    assert (links.waiting(ANA), links.by_login("ana")) == (None, BEN)
    assert not links.confirm(ANA, "ana")


def test_a_replaced_or_removed_token_is_put_down_for_revocation(
    database: Database, links: SqlLinks, tokens: SqlLinkTokens
) -> None:
    links.save(account())
    links.save(account(login="other", number=8, token="ghu_2"))
    links.remove(ANA, entry())
    assert links.remove(ANA, entry("never")) is None
    asked = rows(database)
    assert all(isinstance(one, RevokeToken) for one in asked)
    found = [tokens.revocation(one.ident) for one in asked if isinstance(one, RevokeToken)]
    assert [(one.login, one.token) for one in found if one] == [("ana", "ghu_1"), ("other", "ghu_2")]
    tokens.revoked(asked[0].ident)  # type: ignore[attr-defined]
    assert tokens.revocation(asked[0].ident) is None  # type: ignore[attr-defined]
    assert SqlAudit(database).head().seq == 1


def test_one_lease_at_a_time(links: SqlLinks, tokens: SqlLinkTokens) -> None:
    links.save(account())
    assert tokens.lease(ANA, "l1", 100.0) == account()
    assert tokens.lease(ANA, "l2", 100.0) is None
    assert not tokens.give_back("l2", account(token="stolen"))
    assert tokens.give_back("l1", account(token="ghu_2"))
    assert links.of(ANA) == account(token="ghu_2")
    assert tokens.lease(ANA, "l3", 100.0) is not None
    assert (tokens.expire(100.0), tokens.expire(100.1)) == (0, 1)
    assert not tokens.give_back("l3", account(token="late"))
    assert (links.of(ANA), links.login_of(ANA)) == (None, "ana")


def sealed(database: Database, table: str = "links") -> str:
    with database.read() as connection:
        return str(connection.execute(text(f"SELECT sealed FROM {table}")).scalar())


@pytest.mark.parametrize(
    "edit",
    ["\"user\" = 'UEVE'", "login = 'eve', login_folded = 'eve'", "account = 8", "account = 0"],
    ids=["user", "login", "number", "no number"],
)
def test_a_row_that_was_edited_opens_for_nobody(database: Database, links: SqlLinks, edit: str) -> None:
    links.save(account())
    with database.write() as connection:
        connection.execute(text(f"UPDATE links SET {edit}"))
    for person in (ANA, Person(team="T1", user="UEVE")):
        if links.login_of(person):
            with pytest.raises(Refused, match="cannot be opened"):
                links.of(person)


def test_everything_is_sealed_again_under_the_first_key(database: Database, links: SqlLinks) -> None:
    links.save(account())
    links.save(account(token="ghu_2"))  # a revocation too
    SqlLinkStarts(database, [KEY]).add(LinkStart("a" * 64, ANA, Origin(), 9.0, verifier="v"))
    new = Fernet.generate_key().decode()
    before = sealed(database)
    assert SqlLinkTokens(database, [new, KEY]).rotate() == (3, 0)
    assert sealed(database) != before
    assert SqlLinkTokens(database, [new]).rotate() == (3, 0)  # again, and without the old key
    assert SqlLinks(database, [new]).of(ANA) == account(token="ghu_2")
    assert SqlLinkTokens(database, [KEY]).rotate() == (0, 3)


def test_rows_of_the_first_releases_open_and_keep_their_person(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__code__.co_filename).parent / "migrations"))
    with old.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        row = {"sealed": Sealer([KEY]).seal_text('["T1", "UANA", "ana", "gho_old"]')}
        connection.execute(text("INSERT INTO links VALUES ('T1', 'UANA', 'ana', 'ana', :sealed)"), row)
    migrate(old)
    links = SqlLinks(old, [KEY])
    assert links.of(ANA) == LinkedAccount(ANA, "ana", "gho_old")
    with pytest.raises(Refused):
        links.save(account(BEN, login="Ana"))  # by its name, while its number is not known
    links.save(account(login="ana"))
    assert links.account_of(ANA) == 7
    old.close()


def test_starts_are_sealed_moved_once_and_forgotten(database: Database) -> None:
    starts = SqlLinkStarts(database, [KEY])
    start = LinkStart("a" * 64, ANA, Origin(channel="C1"), 100.0)
    starts.add(start)
    sent = replace(start, stage=Stage.SLACK, state="b" * 64, nonce="secret-nonce")
    assert [starts.move(start, sent), starts.move(start, sent)] == [True, False]
    assert (starts.get(start.id), starts.by_state("b" * 64), starts.by_state("")) == (sent, sent, None)
    assert "secret-nonce" not in sealed(database, "link_starts")
    assert SqlLinkStarts(database, [Fernet.generate_key().decode()]).get(start.id) is None
    assert (starts.forget(100.0), starts.forget(100.1)) == (0, 1)
