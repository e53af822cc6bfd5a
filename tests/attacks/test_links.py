"""Links that are not what they look like: sent to somebody else, raced for, taken over, given back."""

from __future__ import annotations

import pytest

from tests.usecases.fleet_files import POLICY
from tests.usecases.link_rig import EVE, LinkRig
from tests.usecases.stop_rig import ANA, BEN


@pytest.fixture
def rig() -> LinkRig:
    return LinkRig(POLICY)


def refused(rig: LinkRig) -> list[str | None]:
    """Why links were refused, as the chain has it."""
    return [entry.why for entry in rig.noted("link_refused") if entry.outcome == "refused"]


def test_a_button_that_was_sent_to_somebody_else(rig: LinkRig) -> None:
    ticket = rig.ticket(by=EVE)
    page = rig.walk(ticket, slack=BEN, github="ben")
    assert not page.ok
    assert [rig.links.login_of(one) for one in (EVE, BEN)] == [None, None]
    assert refused(rig) == ["another_person"]


def test_an_account_that_is_linked_is_not_taken_over(rig: LinkRig) -> None:
    assert not rig.walk(rig.ticket(by=EVE), slack=EVE, github="ana").ok
    assert (rig.links.by_login("ana"), rig.links.login_of(EVE)) == (ANA, None)
    assert refused(rig) == ["taken"]


def test_a_race_for_one_account_has_one_winner(rig: LinkRig) -> None:
    one, mine = rig.sent_off(rig.ticket(by=BEN, key="k1"))
    other, theirs = rig.sent_off(rig.ticket(by=EVE, key="k2"))
    onward = [
        rig.web.slack(*rig.slack.consent(way.url, who.user, who.team), "", cookie)
        for way, who, cookie in ((one, BEN, mine), (other, EVE, theirs))
    ]
    for way, cookie in zip(onward, (mine, theirs), strict=True):
        rig.web.github(*rig.forge.consent(way.url, "mallory"), "", cookie)  # type: ignore[union-attr]
    assert [rig.links.login_of(one) for one in (BEN, EVE)] == ["mallory", None]
    assert refused(rig) == ["taken"]
