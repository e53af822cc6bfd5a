"""Messages about links: what stands on them, what never does."""

from __future__ import annotations

import json

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.link_cards import LeaverNews, LinkOffer, LinkWaits
from bot.domain.people import Person

BEN = Person(team="T1", user="U0BEN")
HOSTILE = "<!channel> *x* `y` <https://evil.test|click> " + "z" * 5000


def test_the_ticket_stands_on_the_button_alone() -> None:
    told = render(LinkOffer("Link it.", "https://bot.test/link/start?t=secret"))
    actions = [block for block in told["blocks"] if block["type"] == "actions"]
    assert actions[0]["elements"][0]["url"] == "https://bot.test/link/start?t=secret"
    rest = [block for block in told["blocks"] if block["type"] != "actions"]
    assert "secret" not in json.dumps([told["text"], rest])
    assert "ABCD-1234" in json.dumps(render(LinkOffer("Type it.", "https://g.test", "Open", "ABCD-1234")))


def test_confirm_asks_first_and_says_who_and_what() -> None:
    told = render(LinkWaits(BEN, "ben"))
    (actions,) = [block for block in told["blocks"] if block["type"] == "actions"]
    button = actions["elements"][0]
    assert button["action_id"] == "link.confirm"
    assert json.loads(button["value"]) == {"t": "T1", "u": "U0BEN", "l": "ben"}
    assert "ben" in button["confirm"]["text"]["text"]
    assert "<@U0BEN>" in told["text"]


@pytest.mark.parametrize(
    "card",
    [
        LinkOffer(HOSTILE, "https://x.test", HOSTILE, HOSTILE),
        LinkWaits(BEN, HOSTILE),
        LeaverNews(BEN, HOSTILE, HOSTILE, (HOSTILE,) * 30),
        LeaverNews(None, None, "", ()),
    ],
    ids=["offer", "waits", "left", "nothing known"],
)
def test_untrusted_words_mention_nobody_and_fit(card: LinkOffer | LinkWaits | LeaverNews) -> None:
    told = render(card)
    shown = json.dumps([told["text"], [block for block in told["blocks"] if block["type"] == "section"]])
    assert "<!channel>" not in shown
    assert "<https" not in shown
    assert told["text"]
    assert all(len(b["text"]["text"]) <= 3000 for b in told["blocks"] if b["type"] == "section")


def test_a_leaver_is_told_with_what_was_done() -> None:
    told = render(LeaverNews(BEN, "ben", "deactivated in Slack", ("#3 ltv 4 in production: they asked for it",)))
    shown = [block["text"]["text"] for block in told["blocks"]]
    assert shown[0] == (
        "*Left*: <@U0BEN> `@ben`: deactivated in Slack. Linked to no account any more, and what they said of changes "
        "that are not merged counts no more."
    )
    assert shown[1] == "• #3 ltv 4 in production: they asked for it"
