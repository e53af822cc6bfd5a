"""The device flow: only where the policy says so, and worth nothing until somebody with the role confirms it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Refusal
from bot.domain.commands import ConfirmLink, Link, PollDevice
from bot.domain.link_cards import LinkOffer, LinkWaits
from bot.domain.linking import Stage
from bot.domain.people import Person
from bot.errors import ForgeUnavailable
from bot.ports import LinkedAccount
from tests.usecases.fleet_files import POLICY
from tests.usecases.link_rig import EVE, LinkRig
from tests.usecases.stop_rig import ANA, BEN

DEVICE = POLICY.replace("version: 1\n", "version: 1\nlinking: {device: true}\n", 1)
ROLES = DEVICE.replace("roles: {", 'roles: {admin: ["slack:U0ANA", "slack:U0BEN"], ', 1)


@pytest.fixture
def rig() -> LinkRig:
    made = LinkRig(ROLES)
    made.ask(Link, by=BEN, device=True)
    return made


def polls(rig: LinkRig, seconds: float = 5.0) -> list[str]:
    rig.clock.tick(seconds)
    return rig.work()


def refusal(rig: LinkRig) -> str:
    told = rig.whispered()
    assert isinstance(told, Refusal), told
    return told.reason


def test_the_policy_must_allow_it() -> None:
    rig = LinkRig(POLICY)
    rig.ask(Link, by=BEN, device=True)
    assert refusal(rig) == "not_allowed"
    assert rig.starts.starts == {}


def test_the_code_is_shown_and_asked_for_no_more_often_than_github_wants(rig: LinkRig) -> None:
    offer = rig.whispered()
    assert isinstance(offer, LinkOffer)
    assert (offer.code, offer.url) == ("ABCD-1234", "https://github.test/login/device")
    assert b"device-1" not in b"".join(record.body for record in rig.inbox.records)
    assert polls(rig, 4) == []
    assert polls(rig, 1) == ["poll_device"]
    rig.forge.slow = 1
    assert polls(rig) == ["poll_device"]
    assert polls(rig, 9) == []  # five seconds slower from now on
    assert polls(rig, 1) == ["poll_device"]
    assert polls(rig, 10) == ["poll_device"]


def test_until_a_role_confirms_it_the_link_stands_for_nobody(rig: LinkRig) -> None:
    rig.forge.typed = "ben"
    assert polls(rig) == ["poll_device", "linked"]
    assert (rig.links.of(BEN), rig.links.login_of(BEN), rig.links.by_login("ben", 1002)) == (None, None, None)
    assert rig.told() == [LinkWaits(BEN, "ben")]
    rig.ask(ConfirmLink, "k2", by=BEN, person=BEN, login="ben")
    assert refusal(rig) == "not_allowed"  # with the role, but their own
    rig.ask(ConfirmLink, "k3", by=EVE, person=BEN, login="ben")
    assert refusal(rig) == "not_allowed"
    rig.ask(ConfirmLink, "k4", by=ANA, person=BEN, login="mallory")
    assert refusal(rig) == "link_refused"
    assert rig.links.login_of(BEN) is None
    for _ in range(2):  # clicked twice
        rig.ask(ConfirmLink, "k5", by=ANA, person=BEN, login="ben")
    assert rig.links.login_of(BEN) == "ben"
    (told,) = rig.noted("link_confirmed")
    assert (told.by, told.evidence["person"], told.evidence["account"]) == (str(ANA), str(BEN), 1002)


def test_without_the_role_in_the_policy_nobody_confirms() -> None:
    rig = LinkRig(DEVICE)
    rig.ask(Link, by=BEN, device=True)
    rig.forge.typed = "ben"
    polls(rig)
    rig.ask(ConfirmLink, "k2", by=ANA, person=BEN, login="ben")
    assert refusal(rig) == "not_allowed"
    assert rig.links.login_of(BEN) is None


def test_killed_after_the_link_the_card_is_posted_once(rig: LinkRig) -> None:
    rig.forge.typed = "ben"
    rig.clock.tick(5)
    row = rig.inbox.claim("w", 60)
    assert row is not None
    for _ in range(2):
        rig.dispatcher(row)
        rig.work()
    assert rig.told() == [LinkWaits(BEN, "ben")]
    assert len(rig.noted("linked")) == 1


def test_killed_right_after_the_link_the_code_is_not_taken_for_refused(rig: LinkRig) -> None:
    """GitHub gives the token of a code once: the second try hears that it is used up."""
    rig.forge.typed = "ben"
    rig.clock.tick(5)
    row = rig.inbox.claim("w", 60)
    assert row is not None
    rig.dispatcher(row)
    rig.starts.starts[rig.start().id] = replace(rig.start(), stage=Stage.DEVICE)  # this was not written any more
    rig.forge.typed = ""
    rig.dispatcher(replace(row, attempt=2))
    rig.work()
    assert rig.start().stage is Stage.DONE
    assert rig.told() == [LinkWaits(BEN, "ben")]
    assert not any(isinstance(one, Refusal) for one in rig.heard(BEN))


def test_a_policy_that_broke_meanwhile_keeps_the_card_from_nobody(rig: LinkRig) -> None:
    rig.forge.typed = "ben"
    rig.checkout.change("main", {".slackops.yaml": b"version: nonsense"}, "oops")
    polls(rig)
    assert rig.told() == [LinkWaits(BEN, "ben")]


def test_a_code_that_a_victim_typed_does_not_keep_the_victim_out(rig: LinkRig) -> None:
    """Ben sent his code to Eve, who typed it: her account waits for Ben. She links it in the browser all the same."""
    rig.forge.typed = "eve"
    polls(rig)
    assert rig.links.waiting(BEN) is not None
    assert rig.walk(rig.ticket(by=EVE, key="k2"), slack=EVE, github="eve").ok
    assert (rig.links.by_login("eve", 1003), rig.links.waiting(BEN)) == (EVE, None)
    rig.ask(ConfirmLink, "k3", by=ANA, person=BEN, login="eve")
    assert refusal(rig) == "link_refused"


def test_an_account_of_somebody_else_is_not_taken(rig: LinkRig) -> None:
    rig.forge.typed = "ana"
    polls(rig)
    assert refusal(rig) == "not_allowed"
    assert rig.links.by_login("ana") == ANA
    assert len(rig.noted("link_refused")) == 1
    assert polls(rig) == []


@pytest.mark.parametrize(("typed", "seconds"), [("", 5.0), (None, 901.0)], ids=["refused", "never typed"])
def test_an_end_without_a_link_is_told(rig: LinkRig, typed: str | None, seconds: float) -> None:
    rig.forge.typed = typed
    assert polls(rig, seconds) == ["poll_device"]
    assert refusal(rig) == "link_refused"
    assert polls(rig, 100) == []


def test_who_is_linked_keeps_their_link() -> None:
    rig = LinkRig(DEVICE)
    rig.ask(Link, by=ANA, device=True)
    assert refusal(rig) == "not_allowed"
    assert rig.links.login_of(ANA) == "ana"


def test_a_row_of_no_start_does_nothing(rig: LinkRig) -> None:
    rig.dispatcher(rig.row(PollDevice(ticket="0" * 64), "k9"))
    rig.links.save(LinkedAccount(Person(team="T0SANDBOX", user="U0X"), "x", "t"))
    assert rig.told() == []


def test_a_code_needs_no_address_to_come_back_to() -> None:
    """An install that nothing reaches: Socket Mode, polling, and no PUBLIC_URL."""
    rig = LinkRig(ROLES)
    rig.ctx = replace(rig.ctx, signin=replace(rig.signin, missing=("PUBLIC_URL", "SLACK_CLIENT_ID")))
    rig.dispatcher.ctx = rig.ctx
    rig.ask(Link, "k1", by=BEN)
    assert refusal(rig) == "linking_off"
    rig.ask(Link, "k2", by=BEN, device=True)
    assert isinstance(rig.whispered(), LinkOffer)


def test_a_github_that_stays_away_ends_it_with_a_word(rig: LinkRig) -> None:
    """Long before the row is given up: nobody would hear of that."""
    rig.forge.down = ForgeUnavailable("down")
    rig.clock.tick(5)
    row = rig.inbox.claim("w", 600)
    assert row is not None
    with pytest.raises(ForgeUnavailable):
        rig.dispatcher(row)
    rig.clock.tick(900)
    rig.dispatcher(row)
    assert (refusal(rig), rig.start().stage) == ("link_refused", Stage.REFUSED)
