"""Acting with a token that holds: refreshed once, ahead of its end, whoever asks for it; and links that are dead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest
from cryptography.fernet import Fernet

from bot.adapters.store_sql import SqlLinks, SqlLinkTokens
from bot.domain.cards import Refusal
from bot.domain.commands import Review
from bot.domain.link_cards import LinkOffer
from bot.errors import Fatal, ForgeUnavailable
from bot.ports import LinkedAccount
from bot.ports.signin import AnswerLost
from bot.usecases.linking_tokens import AHEAD, LEASE, SOON, acting_account, token_refused
from tests.support.store import open_sqlite, sqlite_template
from tests.usecases.link_rig import BEN, LinkRig

__all__ = ["sqlite_template"]

HOURS_8 = 28_800.0


@pytest.fixture(params=["memory", "sqlite"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> LinkRig:
    """Ben is linked, with tokens that end in eight hours; the links in memory, and in a database."""
    if request.param == "memory":
        made = LinkRig()
    else:
        database = open_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        request.addfinalizer(database.close)
        keys = [Fernet.generate_key().decode()]
        made = LinkRig(links=SqlLinks(database, keys), tokens=SqlLinkTokens(database, keys))
    grant = made.forge.grant("ben")
    ends = made.clock.now() + HOURS_8
    made.links.save(LinkedAccount(BEN, "ben", grant.token, 1002, grant.refresh_token, ends))
    return made


@pytest.mark.parametrize(
    ("seconds", "refreshed"), [(0, 0), (HOURS_8 - AHEAD - 1, 0), (HOURS_8 - AHEAD, 1), (HOURS_8 * 9, 1)]
)
def test_a_token_is_refreshed_ahead_of_its_end(rig: LinkRig, seconds: float, refreshed: int) -> None:
    rig.clock.tick(seconds)
    account = acting_account(rig.ctx, BEN)
    assert account is not None
    assert len(rig.forge.refreshes) == refreshed
    assert account.token == f"ghu_{1 + refreshed}"
    assert acting_account(rig.ctx, BEN) == rig.links.of(BEN) == account
    assert len(rig.forge.refreshes) == refreshed


def test_eight_threads_refresh_once(rig: LinkRig) -> None:
    rig.clock.tick(HOURS_8)
    together, over = Barrier(8), Event()

    def act() -> LinkedAccount | None:
        together.wait(10)
        try:
            return acting_account(rig.ctx, BEN)
        except ForgeUnavailable:  # the worker tries such a row again, later
            assert over.wait(10)
            return acting_account(rig.ctx, BEN)
        finally:
            over.set()

    with ThreadPoolExecutor(8) as pool:
        found = [one.result() for one in [pool.submit(act) for _ in range(8)]]
    assert rig.forge.refreshes == ["ghr_1"]
    assert {one.token for one in found if one} == {"ghu_2"}


def test_while_one_refreshes_others_use_what_still_holds_or_wait(rig: LinkRig) -> None:
    started, finish = Event(), Event()

    def slow() -> None:
        started.set()
        assert finish.wait(10)

    rig.forge.during_refresh = slow
    rig.clock.tick(HOURS_8 - SOON - 10)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(acting_account, rig.ctx, BEN)
        assert started.wait(10)
        meanwhile = acting_account(rig.ctx, BEN)
        assert meanwhile is not None
        assert meanwhile.token == "ghu_1"
        rig.clock.tick(30)
        with pytest.raises(ForgeUnavailable, match="being refreshed"):
            acting_account(rig.ctx, BEN)
        rig.clock.tick(-AHEAD + LEASE / 2)
        finish.set()
        assert first.result(10) is not None
    assert len(rig.forge.refreshes) == 1


def test_killed_in_a_refresh_it_must_be_linked_again_and_is_never_tried_twice(rig: LinkRig) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    rig.forge.during_refresh = die
    rig.clock.tick(HOURS_8)
    with pytest.raises(Killed):
        acting_account(rig.ctx, BEN)
    with pytest.raises(ForgeUnavailable):
        acting_account(rig.ctx, BEN)
    rig.clock.tick(LEASE + 1)
    assert acting_account(rig.ctx, BEN) is None
    assert rig.links.login_of(BEN) == "ben"  # whose account it is stays known
    assert rig.forge.refreshes == ["ghr_1"]


@pytest.mark.parametrize(
    ("why", "again"),
    [
        (ForgeUnavailable("no connection"), True),
        (Fatal("GitHub does not know the App"), True),
        (AnswerLost("no answer"), False),
    ],
    ids=["not sent", "misconfigured", "answer lost"],
)
def test_an_outage_uses_nothing_up_where_that_is_known(rig: LinkRig, why: Exception, again: bool) -> None:
    rig.forge.down = why
    rig.clock.tick(HOURS_8)
    with pytest.raises(ForgeUnavailable):
        acting_account(rig.ctx, BEN)
    rig.forge.down = None
    rig.clock.tick(LEASE + 1)
    assert (acting_account(rig.ctx, BEN) is not None) == again


def test_a_refused_refresh_is_a_dead_link(rig: LinkRig) -> None:
    rig.forge.revoke("ghu_1", everything=True)  # on github.com
    rig.clock.tick(HOURS_8)
    assert acting_account(rig.ctx, BEN) is None
    assert [one.login for one in rig.noted("link_dead")] == ["ben"]
    assert rig.walk(rig.ticket()).ok
    assert acting_account(rig.ctx, BEN) is not None


def test_an_older_token_that_was_refused_says_nothing_of_a_newer_one(rig: LinkRig) -> None:
    old = rig.links.of(BEN)
    assert old is not None
    rig.clock.tick(HOURS_8)
    acting_account(rig.ctx, BEN)
    token_refused(rig.ctx, old)
    assert rig.links.of(BEN) is not None


def test_linked_anew_while_the_old_token_is_refreshed_the_new_one_stays(rig: LinkRig) -> None:
    fresh = rig.forge.grant("ben")

    def relink() -> None:
        rig.links.save(LinkedAccount(BEN, "ben", fresh.token, 1002, fresh.refresh_token, rig.clock.now() + HOURS_8))

    rig.clock.tick(HOURS_8)
    rig.forge.during_refresh = relink
    account = acting_account(rig.ctx, BEN)
    assert account is not None
    assert account.token == fresh.token


def test_a_token_without_an_end_is_left_alone(rig: LinkRig) -> None:
    rig.links.save(LinkedAccount(BEN, "ben", "pat", 1002))
    rig.clock.tick(HOURS_8 * 1000)
    account = acting_account(rig.ctx, BEN)
    assert account is not None
    assert account.token == "pat"


@pytest.fixture
def reviewing(monkeypatch: pytest.MonkeyPatch) -> list[LinkedAccount | None]:
    """Reviews with the real rule for who has no account; nothing else of a review matters here."""
    from bot.errors import Reason, Refused
    from bot.usecases import linking_reviews

    seen: list[LinkedAccount | None] = []

    def review(ctx, repo, row, command) -> None:
        account = ctx.links.of(command.by)
        seen.append(account)
        if account is None or account.token == "revoked":
            raise Refused(Reason.NOT_LINKED, "Not linked.", "Link.")

    monkeypatch.setattr(linking_reviews, "review", review)
    return seen


APPROVE: dict[str, str] = {"change": "01CHANGE", "digest": "d", "verdict": "approve"}


def test_approve_of_a_dead_link_begins_to_link(reviewing) -> None:
    rig = LinkRig()
    rig.links.save(LinkedAccount(BEN, "ben", "revoked", 1002))
    rig.ask(Review, by=BEN, **APPROVE)
    assert rig.links.of(BEN) is None
    offer = rig.whispered()
    assert isinstance(offer, LinkOffer)
    assert "Your approval is finished then" in offer.text
    assert rig.walk(offer.url.partition("?t=")[2]).ok
    assert "review" in rig.work()
    assert reviewing[-1].token == "ghu_1"


def test_approve_where_nobody_can_link_says_so(reviewing) -> None:
    rig = LinkRig()
    rig.dispatcher.ctx = replace(rig.ctx, signin=replace(rig.signin, missing=("PUBLIC_URL",)))
    rig.ask(Review, by=BEN, **APPROVE)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.reason == "not_linked"
