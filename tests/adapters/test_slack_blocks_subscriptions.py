"""Subscriptions as a channel sees them."""

from __future__ import annotations

import json

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.grammar_subscribe import EVENTS
from bot.domain.people import Person
from bot.domain.subscription_cards import Subscribed, SubscriptionLine, SubscriptionList, SubscriptionNews
from tests.support.slack_contract import check_message

BEN = Person(team="T1", user="U0BEN")


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (Subscribed("Live: churn 16→17, production.", "https://x/1", "churn"), "Live: churn 16→17, production."),
        (Subscribed("Live.", "", "churn"), "This channel subscribed to churn."),
        (SubscriptionList((SubscriptionLine("churn", ("ci", "live")),)), "churn: ci, live"),
        (SubscriptionList((SubscriptionLine("churn", EVENTS),)), "churn: everything"),
        (SubscriptionList(()), "nothing but what the policy sends"),
        (
            SubscriptionNews(BEN, SubscriptionLine("churn", ("ci",))),
            "<@U0BEN> decided: this channel hears of churn: ci.",
        ),
        (SubscriptionNews(BEN, SubscriptionLine("churn", ("ci",)), off=True), "hears no more of churn: ci."),
    ],
)
def test_in_words(card: Subscribed | SubscriptionList | SubscriptionNews, said: str) -> None:
    body = render(card)
    check_message(body)
    assert said in json.dumps(body["blocks"], ensure_ascii=False)


@pytest.mark.parametrize("text", ["<!channel> *x*", "x" * 5_000, "", "\u202e@here"])
def test_whatever_the_news_holds(text: str) -> None:
    body = render(Subscribed(text, "javascript:x", text))
    check_message(body)
    assert "<!channel>" not in json.dumps(body)
    assert "javascript" not in json.dumps(body)
