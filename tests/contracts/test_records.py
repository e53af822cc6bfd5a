"""The contract of what the bot remembers: changes, linked accounts, posts. The fakes, SQLite, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.adapters.store_sql import SqlChanges, SqlLinks, SqlPosts
from bot.domain.change import Action, Change, ChangeState, Edit, Intent, Scalar
from bot.domain.people import Person
from bot.errors import Fatal, Refused
from bot.ports.links import LinkedAccount, Links
from bot.ports.records import ChangeExists, Changes, PostRecord, Posts
from tests.fakes.records import FakeChanges, FakeLinks, FakePosts
from tests.support.store import BACKENDS, open_database

ANA, BEN = Person(team="T1", user="UANA"), Person(team="T1", user="UBEN")


@dataclass
class Records:
    changes: Changes
    links: Links
    posts: Posts


@pytest.fixture(params=["fake", *BACKENDS])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    if request.param == "fake":
        yield Records(FakeChanges(), FakeLinks(), FakePosts())
        return
    database = open_database(request.param, request, tmp_path)
    keys = [Fernet.generate_key().decode()]
    yield Records(SqlChanges(database), SqlLinks(database, keys), SqlPosts(database))
    database.close()


def change(name: str = "01A", model: str = "churn", environment: str = "production", at: float = 1.0) -> Change:
    edit = Edit("models/churn.yaml", "spec.uri", Scalar("str", "s3://m/1"), Scalar("str", "s3://m/2 — “ü”"), 7)
    intent = Intent(Action.PROMOTE, model, environment, "1", "2", None, (edit,))
    return Change(name, intent, (ANA, BEN), "because", at, "b" * 40, f"slackops/promote/{name}")


def test_a_change_comes_back_equal(records: Records) -> None:
    full = replace(
        change(),
        state=ChangeState.OPEN,
        number=7,
        url="https://forge/7",
        head="c" * 40,
        held_by=BEN,
        hold_reason="wait",
        superseded_by="01B",
    )
    records.changes.add(full)
    found = records.changes.get(full.id)
    assert found == full
    assert found is not None
    assert found.intent.digest == full.intent.digest
    assert records.changes.get("01Z") is None


def test_lookups(records: Records) -> None:
    records.changes.add(replace(change("01A"), number=7, state=ChangeState.MERGED))
    records.changes.add(change("01C", "ltv", at=3))
    records.changes.add(replace(change("01B", at=2), number=8, state=ChangeState.OPEN))
    assert [c.id for c in records.changes.all_open()] == ["01B", "01C"]
    assert _id(records.changes.by_number(7)) == "01A"
    assert records.changes.by_number(99) is None
    assert _id(records.changes.open_for("churn", "production")) == "01B"
    assert records.changes.open_for("churn", "staging") is None


def test_one_change_a_target(records: Records) -> None:
    records.changes.add(change("01A"))
    with pytest.raises(ChangeExists) as raised:
        records.changes.add(change("01B"))
    assert (raised.value.model, raised.value.environment) == ("churn", "production")
    records.changes.add(change("01C", environment="staging"))
    records.changes.update("01A", lambda c: replace(c, state=ChangeState.SUPERSEDED))
    records.changes.add(change("01B"))
    with pytest.raises(ChangeExists):
        records.changes.update("01A", lambda c: replace(c, state=ChangeState.OPEN))
    assert _id(records.changes.open_for("churn", "production")) == "01B"


def test_an_id_is_taken_once(records: Records) -> None:
    records.changes.add(replace(change("01A"), state=ChangeState.MERGED))
    with pytest.raises(ChangeExists):
        records.changes.add(replace(change("01A"), state=ChangeState.CLOSED))


def test_update_sees_the_record_as_it_is_now(records: Records) -> None:
    records.changes.add(change())
    records.changes.update("01A", lambda c: replace(c, number=7))
    new = records.changes.update("01A", lambda c: replace(c, reason=f"{c.number}"))
    assert (new.number, new.reason) == (7, "7")
    assert records.changes.get("01A") == new
    assert _id(records.changes.by_number(7)) == "01A"


def test_update_of_nothing_is_fatal(records: Records) -> None:
    with pytest.raises(Fatal):
        records.changes.update("01Z", lambda c: c)


def test_an_edit_that_fails_leaves_the_record(records: Records) -> None:
    records.changes.add(change())

    def fail(_change: Change) -> Change:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        records.changes.update("01A", fail)
    assert records.changes.get("01A") == change()


def test_a_link_comes_back_and_is_replaced(records: Records) -> None:
    assert records.links.of(ANA) is None
    records.links.save(LinkedAccount(ANA, "Ana", "gho_1"))
    records.links.save(LinkedAccount(ANA, "ana-2", "gho_2"))
    assert records.links.of(ANA) == LinkedAccount(ANA, "ana-2", "gho_2")
    assert records.links.by_login("ANA-2") == ANA
    assert records.links.by_login("ana") is None
    assert records.links.of(BEN) is None


def test_one_account_stands_for_one_person(records: Records) -> None:
    records.links.save(LinkedAccount(ANA, "ana", "gho_1"))
    with pytest.raises(Refused):
        records.links.save(LinkedAccount(BEN, "Ana", "gho_1"))
    assert records.links.by_login("ana") == ANA
    records.links.save(LinkedAccount(ANA, "ana", "gho_2"))
    records.links.save(LinkedAccount(BEN, "ben", "gho_3"))


def test_posts_are_saved_by_subject_and_mark(records: Records) -> None:
    intent = PostRecord("01A", "card", "C1", 5.0)
    records.posts.save(intent)
    assert records.posts.get("01A", "card") == intent
    posted = replace(intent, ts="1.2", fingerprint="abc")
    records.posts.save(posted)
    records.posts.save(PostRecord("01A", "merged", "C1", 6.0, "1.3"))
    records.posts.save(PostRecord("01B", "card", "C2", 1.0))
    assert records.posts.get("01A", "card") == posted
    assert [p.mark for p in records.posts.of("01A")] == ["card", "merged"]
    assert records.posts.get("01A", "none") is None
    assert records.posts.of("01Z") == []


def _id(found: Change | None) -> str | None:
    return found and found.id


def test_a_person_is_found_by_their_slack_user_where_that_is_one_person(records: Records) -> None:
    assert records.links.by_user("UANA") is None
    records.links.save(LinkedAccount(ANA, "ana", "gho_1"))
    assert records.links.by_user("UANA") == ANA
    assert records.links.by_user("uana") is None
    records.links.save(LinkedAccount(Person(team="T2", user="UANA"), "ana-elsewhere", "gho_2"))
    assert records.links.by_user("UANA") is None


def test_an_account_stays_known_as_that_of_everybody_who_had_it(records: Records) -> None:
    records.links.save(LinkedAccount(ANA, "Ana-Two", "t1", account=6))
    records.links.save(LinkedAccount(ANA, "ana", "t2", account=1))
    records.links.remove(ANA)
    assert records.links.by_login("ana-two", 6) is None
    assert records.links.people_of("ana-two", 6) == {ANA}
    assert records.links.people_of("renamed", 6) == {ANA}
    assert records.links.people_of("ana-TWO") == {ANA}
    assert records.links.people_of("ana-two", 7) == frozenset()  # the name changed hands
    records.links.save(LinkedAccount(BEN, "ana-two", "t3", account=6))
    assert records.links.people_of("ana-two", 6) == {ANA, BEN}


def test_a_link_learns_its_number_and_names_and_is_nobody_elses(records: Records) -> None:
    records.links.save(LinkedAccount(ANA, "ana", "t1"))
    records.links.seen(ANA, "renamed", account=1)
    assert (records.links.login_of(ANA), records.links.account_of(ANA)) == ("renamed", 1)
    assert records.links.people_of("another", 1) == {ANA}
    records.links.seen(ANA, "of-another", account=2)
    assert (records.links.login_of(ANA), records.links.account_of(ANA)) == ("renamed", 1)
    held = records.links.of(ANA)
    assert held is not None
    assert (held.token, held.account) == ("t1", 1)


def test_what_nobody_confirmed_was_never_theirs(records: Records) -> None:
    records.links.save(LinkedAccount(ANA, "ana", "t1", account=1, confirmed=False))
    assert records.links.people_of("ana", 1) == frozenset()
    assert not records.links.confirm(ANA, "another")
    assert records.links.confirm(ANA, "ana")
    assert records.links.people_of("ana", 1) == {ANA}
