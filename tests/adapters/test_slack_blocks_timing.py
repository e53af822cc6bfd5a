"""When a change merges, the Merge button, and broken glass, as a card shows them; within Slack's limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.cards import Stage, ThreadEvent
from bot.domain.change import Action, Glass
from bot.domain.change_timing import Timing
from tests.adapters.test_slack_blocks_stops import ANA, buttons, words
from tests.support.cards import review_card
from tests.support.slack_contract import check_message

AT = 1_798_135_200.0
LONG = "<!channel> *x* `" * 300
GLASS = Glass(ANA, "down", AT)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.APPROVED, "Merges <!date^1798135200^{date_short_pretty} {time}|2026-12-24 18:00 UTC> (window)."),
        (Stage.REVIEW, "May merge from <!date^1798135200^"),
    ],
)
def test_when_it_merges(stage, said):
    body = render(review_card(stage=stage, timing=Timing(AT, "window")))
    check_message(body)
    assert said in words(body)


def test_merge_stands_in_the_place_of_approve():
    body = render(review_card(stage=Stage.APPROVED, timing=Timing(can_merge=True)))
    check_message(body)
    assert buttons(body) == [("Merge", "change.merge"), ("Request changes", "change.request_changes")]
    assert "In your name" not in words(body)


@pytest.mark.parametrize(
    ("glass", "said", "asks"),
    [
        (GLASS, "A second person must review it by <!date^1798135200^", True),
        (replace(GLASS, due_at=None), "must review it after the merge", False),
        (replace(GLASS, settled_by=ANA, settled_at=AT), "<@U0ANA> reviewed it <!date^", False),
        (replace(GLASS, settled_login="kim<", settled_at=AT), "kim&lt; reviewed it", False),
    ],
)
@pytest.mark.parametrize("times", [(), (("merged", AT),)], ids=["at-the-merge", "watched"])
def test_broken_glass(glass, said, asks, times):
    card = review_card(
        action=Action.ROLLBACK, stage=Stage.MERGED, can_decide=False, times=times, timing=Timing(glass=glass)
    )
    body = render(card)
    check_message(body)
    assert "*Broke the glass*: <@U0ANA>, with nobody's approval: down" in words(body)
    assert said in words(body)
    assert (("I reviewed it", "glass.settle") in buttons(body)) is asks
    assert ("; otherwise promotions of the model stop until one has." in words(body)) is asks


def test_what_people_write_formats_and_mentions_nobody():
    card = review_card(model="m" * 200, timing=Timing(AT, LONG, True, replace(GLASS, reason=LONG)))
    body = render(card)
    check_message(body)
    assert "<!channel>" not in words(body)


def test_the_end_mentions_those_who_waited():
    body = render(ThreadEvent("Merged as abc.", to=(ANA,)))
    check_message(body)
    assert body["text"] == "<@U0ANA> Merged as abc."
