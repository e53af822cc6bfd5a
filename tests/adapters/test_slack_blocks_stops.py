"""Freezes and bans in Slack: what a phone shows, and which buttons a card offers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.adapters.slack_blocks import render, render_form
from bot.domain import cards
from bot.domain.change import Action
from bot.domain.forms import BanForm, Choice, FreezeForm
from bot.domain.people import Person
from bot.domain.stop_cards import StopLine, StopList, StopNews
from tests.support.cards import review_card
from tests.support.slack_contract import check_message, check_view

ANA = Person(team="T0SANDBOX", user="U0ANA")


def words(body: dict[str, Any]) -> str:
    return json.dumps(body["blocks"], ensure_ascii=False)


def buttons(body: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [block["elements"] for block in body["blocks"] if block["type"] == "actions"]
    return [(e["text"]["text"], e["action_id"]) for row in rows for e in row if e["type"] == "button"]


def test_news_of_a_freeze() -> None:
    card = StopNews(
        "Frozen: production", ANA, "holidays", 1_798_135_200.0, "It waits.", "/slackops unfreeze production"
    )
    body = render(card, prefix="ml-")
    check_message(body)
    assert body["text"] == "Frozen: production: holidays"
    for part in ("*Frozen: production*", "<@U0ANA> until <!date^1798135200^", ": holidays", "`/ml-slackops unfreeze"):
        assert part in words(body)


def test_a_list_says_who_since_when_and_why_and_counts_the_rest() -> None:
    line = StopLine("fraud 42", ANA, 1_798_000_000.0, None, "<!channel> leaks")
    body = render(StopList("Bans", (line,) * 30, "None."))
    check_message(body)
    assert "<!channel>" not in words(body)
    assert "*fraud 42* · <@U0ANA>, <!date^1798000000^" in words(body)
    assert "… and 5 more" in words(body)


@pytest.mark.parametrize(("fault", "said"), [("", "None at all."), ("bans.json is no JSON", "bans.json is no JSON")])
def test_none_is_told_apart_from_not_known(fault: str, said: str) -> None:
    body = render(StopList("Bans", (), "None at all.", fault))
    check_message(body)
    assert said in words(body)
    assert ("None at all." in words(body)) is not bool(fault)


@pytest.mark.parametrize(
    ("stops", "expected"),
    [
        ((), []),
        (("ban", "freeze"), [("Ban 42", "stop.ban"), ("Freeze", "stop.freeze")]),
        (("freeze",), [("Freeze", "stop.freeze")]),
    ],
)
@pytest.mark.parametrize("times", [(), (("merged", 1_798_000_000.0),)], ids=["at-the-merge", "watched"])
def test_the_card_of_a_merged_rollback_offers_both(
    stops: tuple[str, ...], expected: list[tuple[str, str]], times: tuple[tuple[str, float], ...]
) -> None:
    card = review_card(
        action=Action.ROLLBACK, frm="42", to="41", stage=cards.Stage.MERGED, stops=stops, can_decide=False, times=times
    )
    body = render(card)
    check_message(body)
    assert buttons(body) == expected


def test_the_forms() -> None:
    models, stages = (Choice("m", "m"), Choice("n", "n")), (Choice("production", "production"),)
    freeze = render_form(FreezeForm(models, stages, "n", "production", "2h", "why", "C1"))
    check_view(freeze)
    optional = {block["block_id"]: block["optional"] for block in freeze["blocks"] if block["type"] == "input"}
    assert optional == {"environment": False, "model": True, "until": True, "reason": True}
    ban = render_form(BanForm(models, "m", "42", None, "C1"))
    check_view(ban)
    assert json.loads(ban["private_metadata"]) == {"ch": "C1"}
    assert ban["blocks"][2]["element"]["initial_value"] == "42"
