"""What a push past everybody looks like: within Slack's rules whatever people wrote, and with the way back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack_blocks import render
from bot.domain.cards import ConfirmCard
from bot.domain.push_cards import PushLine, PushNews
from tests.support.slack_contract import check_message

COMMIT = "a" * 40
LTV = PushLine("ltv", "production", "8", "9")


def news(*lines: PushLine, **more: str) -> PushNews:
    return PushNews(lines or (LTV,), COMMIT, more.pop("url", "https://forge.example/c"), "main", **more)


def test_it_reads_as_the_design_says() -> None:
    shown = render(news(pusher="kim"))
    assert shown["text"].startswith("Outside SlackOps: ltv 8→9, production")
    words = json.dumps(shown["blocks"], ensure_ascii=False)
    assert "Pushed to main by @kim; no review, no gates." in words
    [commit, back] = shown["blocks"][-1]["elements"]
    assert (commit["url"], back["action_id"]) == ("https://forge.example/c", "change.rollback")
    assert json.loads(back["value"]) == {"m": "ltv", "e": "production"}


def test_a_name_out_of_git_is_said_to_be_one() -> None:
    assert "by Kim, as it says; no review" in render(news(author="Kim"))["text"]


def test_the_question_after_the_click_names_the_target() -> None:
    card = ConfirmCard("Confirm", "One approval.", (), (), "ltv", "production", "8", "d" * 64, "", approves=True)
    value = json.loads(render(card)["blocks"][-1]["elements"][0]["value"])
    assert value == {"m": "ltv", "e": "production", "d": "d" * 64}


LINES = st.builds(PushLine, st.text(max_size=400), st.text(max_size=80), st.none() | st.text(max_size=300), st.text())


@given(st.lists(LINES, min_size=1, max_size=30), st.text(max_size=200), st.text(max_size=200))
def test_any_text_stays_within_slacks_rules(lines: list[PushLine], pusher: str, author: str) -> None:
    check_message(render(news(*lines, pusher=pusher, author=author)))


@pytest.mark.parametrize("url", ["", "javascript:x", "http://x y"])
def test_a_page_that_is_none_has_no_button(url: str) -> None:
    assert [one["action_id"] for one in render(news(url=url))["blocks"][-1]["elements"]] == ["change.rollback"]
