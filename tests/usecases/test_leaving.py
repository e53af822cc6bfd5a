"""Who leaves is unlinked and revoked, what they approved counts no more, and what they leave behind is told."""

from __future__ import annotations

import pytest

from bot.domain.commands import CheckMembers, Leave, Reconcile
from bot.domain.facts import ForgeReview, Verdict
from bot.domain.link_cards import LeaverNews
from bot.domain.people import Person, Standing
from bot.errors import ChatUnavailable, ForgeUnavailable
from bot.ports import LinkedAccount
from bot.usecases.link_members import PAGE, PAUSE
from tests.usecases.link_rig import BEN, LinkRig
from tests.usecases.stop_rig import ANA, NOW


class LeaveRig(LinkRig):
    """Ben is linked and approved #1; Ana asked for #1 and #2."""

    def __init__(self) -> None:
        super().__init__()
        grant = self.forge.grant("ben")
        self.links.save(LinkedAccount(BEN, "ben", grant.token, 1002, grant.refresh_token, NOW + 28_800))
        self.given = {1: [self.review("ben", 1002)], 2: [self.review("eve", 1003)]}
        self.ctx.forge.reviews = lambda number: self.given.get(number, [])  # type: ignore[attr-defined,method-assign]
        for number in (1, 2):
            self.open_change(number, model=f"fraud{number}")

    @staticmethod
    def review(login: str, account: int) -> ForgeReview:
        return ForgeReview(7, login, Verdict.APPROVED, "c" * 40, "", NOW - 60, account=account)

    def leaves(self, key: str = "k1", **who: object) -> None:
        self.row_of = self.row(Leave(**who), key)  # type: ignore[arg-type]
        self.dispatcher(self.row_of)

    def voided(self, number: int) -> list[tuple[str, int]]:
        change = self.changes.by_number(number)
        assert change is not None
        return [(one.login, one.account) for one in change.voided]


@pytest.fixture
def rig() -> LeaveRig:
    return LeaveRig()


@pytest.mark.parametrize(
    "who",
    [{"person": BEN}, {"login": "ben", "account": 1002}, {"login": "renamed", "account": 1002}],
    ids=["slack", "github", "renamed"],
)
def test_they_are_unlinked_revoked_and_their_word_voided(rig: LeaveRig, who: dict[str, object]) -> None:
    rig.leaves(**who)
    assert rig.links.login_of(BEN) is None
    assert [account for _, account in rig.voided(1)] == [1002]
    assert rig.voided(2) == []
    asked = [c.number for c in _rows(rig) if isinstance(c, Reconcile)]
    assert asked == [1]
    assert rig.forge.revoked == [("ghu_1", True)]
    assert [entry.what for entry in rig.noted("left") + rig.noted("voided")] == ["left", "voided"]
    (news,) = [one for one in rig.told() if isinstance(one, LeaverNews)]
    assert news.person == BEN


def test_a_link_of_before_numbers_learns_its_own(rig: LeaveRig) -> None:
    held = rig.links.of(BEN)
    assert held is not None
    rig.links.remove(BEN)
    rig.links.save(LinkedAccount(BEN, "ben", held.token))
    rig.ctx.forge.login_of = {1001: "ana", 1002: "ben"}.get  # type: ignore[attr-defined,method-assign]
    rig.dispatcher(rig.row(CheckMembers(), "daily"))
    assert rig.links.account_of(BEN) == 1002


def test_who_linked_another_account_meanwhile_keeps_it(rig: LeaveRig) -> None:
    rig.links.save(LinkedAccount(BEN, "ben-two", "new", 1009))
    rig.leaves(person=BEN, login="ben", account=1002, why="the GitHub account is gone")
    assert rig.links.login_of(BEN) == "ben-two"
    assert rig.voided(1) == [("ben", 1002)]


def _rows(rig: LeaveRig) -> list[object]:
    """Carry out what follows, but for looks at pull requests; all of it."""
    found: list[object] = []
    while row := rig.inbox.claim("w", 60):
        found.append(row.command)
        if not isinstance(row.command, Reconcile):
            rig.dispatcher(row)
        rig.inbox.done(row)
    return found


def test_carried_out_twice_nothing_more_happens(rig: LeaveRig) -> None:
    rig.leaves(person=BEN)
    before = (rig.voided(1), len(rig.inbox.records), len(rig.audit.chain))
    rig.clock.tick(60)
    rig.dispatcher(rig.row_of)
    assert (rig.voided(1), len(rig.inbox.records), len(rig.audit.chain)) == before


def test_killed_before_the_unlinking_the_second_try_ends_it(rig: LeaveRig, monkeypatch: pytest.MonkeyPatch) -> None:
    remove = rig.links.remove
    monkeypatch.setattr(rig.links, "remove", _fails)
    with pytest.raises(ForgeUnavailable):
        rig.leaves(login="ben", account=1002)
    monkeypatch.setattr(rig.links, "remove", remove)
    rig.clock.tick(60)
    rig.dispatcher(rig.row_of)
    assert (rig.voided(1), rig.links.login_of(BEN)) == ([("ben", 1002)], None)


def _fails(*_: object, **__: object) -> None:
    raise ForgeUnavailable("killed")


def test_who_stays_behind_is_told_what_is_left(rig: LeaveRig) -> None:
    rig.leaves(person=ANA)
    _rows(rig)
    (news,) = [one for one in rig.told() if isinstance(one, LeaverNews)]
    assert [line.partition(":")[0] for line in news.lines] == [
        "#1 fraud1 42 in production",
        "#2 fraud2 42 in production",
    ]


def test_a_member_who_had_nothing_to_do_with_us_is_no_news(rig: LeaveRig) -> None:
    rig.leaves(login="mallory", account=1004)
    rig.leaves("k2", person=Person(team="T0SANDBOX", user="U0NOBODY"))
    assert _rows(rig) == []
    assert rig.told() == []


def test_the_account_of_somebody_unlinked_is_voided_all_the_same(rig: LeaveRig) -> None:
    rig.leaves(login="eve", account=1003)
    assert rig.voided(2) == [("eve", 1003)]
    assert rig.links.login_of(BEN) == "ben"


def checked(rig: LeaveRig, day: int = 1) -> list[Leave]:
    rig.dispatcher(rig.row(CheckMembers(), f"schedule:check_members:{day}"))
    return [c for c in _claimed(rig) if isinstance(c, Leave)]


def _claimed(rig: LeaveRig) -> list[object]:
    found: list[object] = []
    while row := rig.inbox.claim("w", 60):
        found.append(row.command)
        rig.inbox.done(row)
    return found


def test_the_daily_look_finds_who_was_deactivated(rig: LeaveRig) -> None:
    rig.ctx.forge.logins.update({1001: "ana", 1002: "ben"})  # type: ignore[attr-defined]
    rig.chat.standings["U0BEN"] = Standing.DEACTIVATED
    (leave,) = checked(rig)
    assert (leave.person, leave.account) == (BEN, 1002)


def test_the_daily_look_finds_who_is_no_longer_of_the_organisation(rig: LeaveRig) -> None:
    forge = rig.ctx.forge
    forge.logins.update({1001: "ana", 1002: "ben"})  # type: ignore[attr-defined]
    forge.members = {"ben"}  # type: ignore[attr-defined]
    assert checked(rig) == []  # Ana was never seen to be a member: an outside collaborator
    forge.members = set()  # type: ignore[attr-defined]
    assert [leave.person for leave in checked(rig, 2)] == [BEN]


def test_the_daily_look_learns_new_names_and_finds_accounts_that_are_gone(rig: LeaveRig) -> None:
    rig.ctx.forge.logins.update({1002: "benjamin"})  # type: ignore[attr-defined]
    assert [leave.why for leave in checked(rig)] == ["the GitHub account is gone"]  # Ana's
    assert rig.links.login_of(BEN) == "benjamin"


def test_a_forge_that_knows_no_numbers_makes_nobody_leave(rig: LeaveRig) -> None:
    rig.ctx.forge.members = {"ana"}  # type: ignore[attr-defined]
    rig.ctx.forge.permissions["ben"] = "write"  # type: ignore[attr-defined]
    assert checked(rig) == []


def test_where_nobody_can_tell_nobody_leaves(rig: LeaveRig) -> None:
    rig.ctx.forge.logins.update({1001: "ana", 1002: "ben"})  # type: ignore[attr-defined]
    rig.ctx.forge.members = None  # type: ignore[attr-defined]
    assert checked(rig) == []


def test_many_are_asked_for_a_page_at_a_time(rig: LeaveRig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack that tells of one person no more keeps nobody but those of the same page waiting."""
    people = [Person(team="T0SANDBOX", user=f"U{number:04}") for number in range(120)]
    rig.ctx.forge.login_of = lambda account: f"p{account}"  # type: ignore[method-assign]
    for number, person in enumerate(people):
        rig.links.save(LinkedAccount(person, f"p{5000 + number}", f"t{number}", 5000 + number))
    asked: list[Person] = []

    def member(person: Person) -> Standing:
        if person == people[3]:
            raise ChatUnavailable("not now")
        asked.append(person)
        return Standing.DEACTIVATED if person == people[-1] else Standing.MEMBER

    monkeypatch.setattr(rig.chat, "member", member)
    with pytest.raises(ChatUnavailable):
        rig.dispatcher(rig.row(CheckMembers(), "daily"))
    assert len(asked) < PAGE
    for _ in range(3):
        rig.clock.tick(PAUSE)
        _rows(rig)
    assert set(people[PAGE:]) < set(asked)
    assert rig.links.login_of(people[-1]) is None
