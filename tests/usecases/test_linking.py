"""Linking in the browser: who may end up with which account, and what an attacker gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import Link, Review, Unlink
from bot.domain.linking import TICKET_SECONDS, Stage
from bot.errors import ChatUnavailable, ForgeUnavailable
from bot.ports.signin import Onward, Shown
from tests.usecases.link_rig import BEN, EVE, LinkRig
from tests.usecases.stop_rig import ANA


@pytest.fixture
def rig() -> LinkRig:
    return LinkRig()


def test_the_whole_way_links_the_account_by_its_number(rig: LinkRig) -> None:
    page = rig.walk(rig.ticket())
    assert (page.ok, page.title) == (True, "Linked")
    account = rig.links.of(BEN)
    assert account is not None
    assert (account.login, account.account, account.refresh_token) == ("ben", 1002, "ghr_1")
    assert account.expires_at == rig.clock.now() + 28_800
    assert rig.work() == ["linked"]
    assert rig.heard(BEN)[-1] == Receipt("Linked: you are ben on GitHub.")
    (told,) = rig.noted("linked")
    assert (told.by, told.login, told.evidence) == (
        str(BEN),
        "ben",
        {"account": 1002, "before": None, "confirmed": True},
    )


def test_nothing_secret_is_stored_or_written_into_the_inbox(rig: LinkRig) -> None:
    ticket = rig.ticket()
    sent, cookie = rig.sent_off(ticket)
    state = sent.url.partition("state=")[2].partition("&")[0]
    start = rig.start()
    assert {ticket, cookie, state}.isdisjoint({start.id, start.cookie, start.state})
    rig.walk(ticket, cookie=cookie)
    assert not any(b"ghu_" in record.body or b"ghr_" in record.body for record in rig.inbox.records)


@pytest.mark.parametrize("intruder", [EVE, BEN.model_copy(update={"team": "T0ELSEWHERE"})], ids=["other", "same id"])
def test_a_phished_link_is_refused_and_written_down(rig: LinkRig, intruder) -> None:
    ticket = rig.ticket()
    page = rig.walk(ticket, slack=intruder)
    assert not page.ok
    assert "Somebody else is signed in" in page.text
    assert rig.links.login_of(BEN) is None
    (refused,) = rig.noted("link_refused")
    assert (refused.why, refused.outcome, refused.evidence["seen"]) == ("another_person", "refused", str(intruder))
    assert rig.walk(ticket).title == "Used already"


def test_the_button_leads_one_browser_only(rig: LinkRig) -> None:
    ticket = rig.ticket()
    _, cookie = rig.sent_off(ticket)
    assert rig.walk(ticket).title == "Another browser"
    assert rig.walk(ticket, cookie="guessed").title == "Another browser"
    assert len(rig.noted("link_refused")) == 1  # however often it is tried
    assert rig.walk(ticket, cookie=cookie).ok  # the browser that began may begin again


@pytest.mark.parametrize(
    ("seconds", "title"), [(TICKET_SECONDS - 1, "Linked"), (TICKET_SECONDS, "Too late")], ids=["in time", "late"]
)
def test_the_button_holds_for_ten_minutes(rig: LinkRig, seconds: float, title: str) -> None:
    ticket = rig.ticket()
    rig.clock.tick(seconds)
    assert rig.walk(ticket).title == title


def test_late_answers_are_not_taken(rig: LinkRig) -> None:
    sent, cookie = rig.sent_off(rig.ticket())
    code, state = rig.slack.consent(sent.url, BEN.user, BEN.team)
    rig.clock.tick(TICKET_SECONDS)
    late = rig.web.slack(code, state, "", cookie)
    assert isinstance(late, Shown)
    assert late.title == "Too late"


def test_states_are_taken_once_and_only_where_they_belong(rig: LinkRig) -> None:
    sent, cookie = rig.sent_off(rig.ticket())
    code, state = rig.slack.consent(sent.url, BEN.user, BEN.team)
    for brought in (("x", state, "", "other"), (code, state + "x", "", cookie), (code, "", "", cookie)):
        assert isinstance(rig.web.slack(*brought), Shown)
    assert isinstance(rig.web.github(code, state, "", cookie), Shown)  # Slack's state is not GitHub's
    onward = rig.web.slack(code, state, "", cookie)
    assert isinstance(onward, Onward)
    again = rig.web.slack(code, state, "", cookie)
    assert isinstance(again, Shown)
    code, state = rig.forge.consent(onward.url, "ben")
    assert rig.web.github(code, state, "", cookie) == Shown(
        "Linked", "You are ben on GitHub. You can close this tab.", ok=True
    )
    assert not getattr(rig.web.github(code, state, "", cookie), "ok", True)


def test_a_code_of_another_browsers_way_does_not_fit_the_verifier(rig: LinkRig) -> None:
    """An attacker's code, brought back under the victim's state: GitHub holds it against PKCE."""
    mine, cookie = rig.sent_off(rig.ticket(by=BEN, key="k1"))
    theirs, other = rig.sent_off(rig.ticket(by=EVE, key="k2"))
    onward = rig.web.slack(*rig.slack.consent(mine.url, BEN.user, BEN.team), "", cookie)
    foreign = rig.web.slack(*rig.slack.consent(theirs.url, EVE.user, EVE.team), "", other)
    assert isinstance(onward, Onward)
    assert isinstance(foreign, Onward)
    code, _ = rig.forge.consent(foreign.url, "eve")
    _, state = rig.forge.consent(onward.url, "ben")
    page = rig.web.github(code, state, "", cookie)
    assert isinstance(page, Shown)
    assert not page.ok
    assert rig.links.login_of(BEN) is None


def test_anothers_account_is_refused_written_down_and_its_token_ended(rig: LinkRig) -> None:
    page = rig.walk(rig.ticket(), github="ana")
    assert not page.ok
    assert "linked by another Slack user" in page.text
    assert rig.links.by_login("ana") == ANA
    assert [one.why for one in rig.noted("link_refused")] == ["taken"]
    assert rig.forge.revoked == [("ghu_1", False)]  # no more than it: Ana's own grant lives


def test_a_rename_takes_nobodys_account_and_frees_no_name(rig: LinkRig) -> None:
    rig.walk(rig.ticket())
    rig.forge.users["ben"] = replace(rig.forge.users["ben"], login="benjamin")
    page = rig.walk(rig.ticket(by=EVE, key="k2"), slack=EVE, github="ben")
    assert "linked by another Slack user" in page.text
    rig.forge.users["eve"] = replace(rig.forge.users["eve"], login="ben")  # took the name that came free
    assert rig.walk(rig.ticket(by=EVE, key="k3"), slack=EVE, github="eve").ok
    assert (rig.links.by_login("ben", 1002), rig.links.by_login("ben", 1003)) == (BEN, EVE)


def test_a_robots_account_is_no_persons(rig: LinkRig) -> None:
    rig.forge.users["ben"] = replace(rig.forge.users["ben"], person=False)
    assert "no person's account" in rig.walk(rig.ticket()).text
    assert rig.links.login_of(BEN) is None


def test_two_browsers_at_once_end_with_one_link(rig: LinkRig) -> None:
    first, second = rig.ticket(key="k1"), rig.ticket(key="k2")
    one, cookie = rig.sent_off(first)
    assert rig.walk(second, github="mallory").ok
    onward = rig.web.slack(*rig.slack.consent(one.url, BEN.user, BEN.team), "", cookie)
    assert isinstance(onward, Onward)
    rig.web.github(*rig.forge.consent(onward.url, "ben"), "", cookie)
    assert [line.login for line in rig.links.everyone() if line.person == BEN] == ["ben"]
    rig.work()
    assert rig.forge.revoked == [("ghu_1", True)]  # of the account that was replaced
    assert [one.evidence["before"] for one in rig.noted("linked")] == [None, "mallory"]


def test_the_same_account_again_ends_the_old_token_alone(rig: LinkRig) -> None:
    rig.walk(rig.ticket(key="k1"))
    rig.walk(rig.ticket(key="k2"))
    rig.work()
    assert rig.forge.revoked == [("ghu_1", False)]
    assert rig.forge.tokens == {"ghu_2": "ben"}


def test_what_waited_is_put_once_by_the_link_itself(rig: LinkRig) -> None:
    then = Review(by=BEN, change="01CHANGE", digest="d", verdict="approve")
    page = rig.walk(rig.ticket(then=then))
    assert "The approval that waited is being finished" in page.text
    row = rig.inbox.claim("w", 60)
    assert row is not None
    for _ in range(2):  # killed before the row was done
        rig.dispatcher(row)
    waiting = [record.key for record in rig.inbox.records if record.key.endswith(":then")]
    assert waiting == [f"linked:{rig.start().id}:then"]


@pytest.mark.parametrize("why", [ChatUnavailable("away"), ForgeUnavailable("away")], ids=["slack", "github"])
def test_an_outage_leaves_the_button_good(rig: LinkRig, why) -> None:
    ticket = rig.ticket()
    _, cookie = rig.sent_off(ticket)
    rig.slack.down = why if isinstance(why, ChatUnavailable) else None
    rig.forge.down = why if isinstance(why, ForgeUnavailable) else None
    assert rig.walk(ticket, cookie=cookie).title == "Not linked yet"
    assert not rig.start().stage.over
    rig.slack.down = rig.forge.down = None
    assert rig.walk(ticket, cookie=cookie).ok


def test_killed_between_steps_the_browser_begins_again(rig: LinkRig) -> None:
    """A step that was taken and not ended leaves a start that is neither linked nor stuck."""
    ticket = rig.ticket()
    _, cookie = rig.sent_off(ticket)
    for stage in (Stage.SLACK_BACK, Stage.GITHUB_BACK):
        rig.starts.starts[rig.start().id] = replace(rig.start(), stage=stage, state="")
        sent, _ = rig.sent_off(ticket, cookie)
        assert sent.url.startswith("https://slack.test/")
    assert rig.walk(ticket, cookie=cookie).ok
    assert len(rig.noted("linked")) == 1


def test_it_says_which_settings_are_missing(rig: LinkRig) -> None:
    off = replace(rig.signin, missing=("SLACK_CLIENT_ID", "PUBLIC_URL"))
    rig.dispatcher.ctx = replace(rig.ctx, signin=off)
    rig.ask(Link, by=BEN)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert (told.reason, "SLACK_CLIENT_ID, PUBLIC_URL" in told.message) == ("linking_off", True)


def test_unlink_revokes_as_soon_as_github_answers(rig: LinkRig) -> None:
    rig.walk(rig.ticket())
    rig.work()
    rig.forge.down = ForgeUnavailable("away")
    row = rig.ask(Unlink, "k2", by=BEN)
    assert rig.links.login_of(BEN) is None
    with pytest.raises(ForgeUnavailable):
        rig.work()
    rig.forge.down = None
    rig.clock.tick(61)
    assert rig.work() == ["revoke_token"]
    assert rig.forge.revoked == [("ghu_1", True)]
    assert (rig.forge.tokens, rig.links.revocations) == ({}, {})
    rig.dispatcher(replace(row, attempt=2))  # killed before the row was done
    assert len(rig.noted("unlinked")) == 1


def test_a_token_that_ended_is_refreshed_to_end_the_grant(rig: LinkRig) -> None:
    rig.walk(rig.ticket())
    rig.work()
    rig.forge.tokens.clear()  # eight hours later
    rig.ask(Unlink, "k2", by=BEN)
    rig.work()
    assert rig.forge.revoked == [("ghu_1", True), ("ghu_2", True)]
    assert rig.forge.tokens == {}


def test_unlink_without_a_link_says_so(rig: LinkRig) -> None:
    rig.ask(Unlink, by=EVE)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.reason == "not_linked"
