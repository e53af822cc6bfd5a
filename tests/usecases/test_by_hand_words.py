"""Whose word counts on a pull request by hand: words that the bot recorded, and names that anybody can write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.attest import HmacAttest
from bot.domain.commands import Reconcile, Review
from bot.domain.editors import BranchCommit, Writer, editors_of
from bot.domain.people import Person
from tests.usecases.hand_rig import APPROVALS, FRAUD, LTV, POLICY, HandRig, uri
from tests.usecases.review_rig import KEYS

CAROL = Person(team="T0SANDBOX", user="U0CAROL")
RECORDED = POLICY.replace("{required: 1}", '{required: 1, from: ["slack:U0CAROL"], reviews: recorded-by-bot}')


def test_a_recorded_word_is_about_all_that_it_moves() -> None:
    rig = HandRig(policy=RECORDED)
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, attest=HmacAttest(KEYS))
    number = rig.opened({FRAUD: uri("fraud", 42), LTV: uri("ltv", 9)}, login="ana")
    rig.run(Reconcile(number=number))
    change = rig.record(number)
    rig.run(Review(by=CAROL, change=change.id, digest=change.intent.digest, verdict="approve"))
    rig.run(Reconcile(number=number))
    assert rig.states(number)[APPROVALS] == "success"
    rig.pushed("mine", {LTV: uri("ltv", 10)})
    rig.run(Reconcile(number=number))
    assert rig.states(number)[APPROVALS] == "pending"


def test_the_bots_name_is_anybodys_where_the_bot_writes_nothing() -> None:
    commits = [BranchCommit("a", (Writer(name="slackops"), Writer("web-flow", 19, "GitHub")))]
    assert not editors_of(commits, frozenset(), "slackops[bot]").unknown
    by_hand = editors_of(commits, frozenset(), "slackops[bot]", by_hand=True)
    assert (by_hand.known, by_hand.unknown) == ((), True)


@pytest.mark.parametrize(
    ("author", "writer", "counts"),
    [
        ("ana", "ana", "success"),
        ("kim", "kim", "pending"),
        ("ana", "kim", "pending"),
        ("renovate[bot]", "renovate[bot]", "success"),
    ],
)
def test_a_word_without_an_account_may_be_of_whoever_made_it(author: str, writer: str, counts: str) -> None:
    """Whose account `kim` is nobody knows: it may be Carol's."""
    rig = HandRig(policy=RECORDED)
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, attest=HmacAttest(KEYS))
    rig.checkout.change("mine", {FRAUD: uri("fraud", 42)}, author=writer)
    number = rig.opened({LTV: uri("ltv", 9)}, login=author)
    rig.run(Reconcile(number=number))
    change = rig.record(number)
    rig.run(Review(by=CAROL, change=change.id, digest=change.intent.digest, verdict="approve"))
    rig.run(Reconcile(number=number))
    assert rig.states(number)[APPROVALS] == counts
