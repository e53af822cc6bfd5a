"""The card of a retraining and its form: within Slack's limits whatever the input, in our words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.adapters.slack_blocks import render, render_form
from bot.domain.people import Person
from bot.domain.retrain_cards import RetrainCard, RetrainForm
from bot.domain.retraining import RetrainState
from tests.support.slack_contract import check_message, check_view

WILD = "<!channel> *x* `y` \u202e \ud83d\ude00 " * 60


def card(**more: Any) -> RetrainCard:
    known: dict[str, Any] = {
        "retrain": "01R",
        "model": "fraud-detector",
        "environment": "production",
        "state": RetrainState.RUNNING,
        "engine": "train.yml of acme/fraud",
        "by": Person(team="T1", user="U0ANA"),
        "reason": "country drifts",
        "asked": 1_798_000_000.0,
    }
    return RetrainCard(**(known | more))


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({}, "Retraining: fraud-detector, production"),
        ({"state": RetrainState.SUCCEEDED, "version": "43"}, "Retrained: fraud-detector 43, production"),
        ({"state": RetrainState.FAILED}, "Retraining FAILED: fraud-detector, production"),
        ({"state": RetrainState.LOST}, "Retraining not confirmed: fraud-detector, production"),
    ],
    ids=["runs", "done", "failed", "lost"],
)
def test_the_push_text(more: dict[str, Any], first: str) -> None:
    shown = render(card(**more))
    check_message(shown)
    assert shown["text"] == f"{first} · <@U0ANA> asked"
    assert shown["blocks"][0]["text"]["text"].splitlines() == [f"*{first}*", "<@U0ANA> asked: “country drifts”"]


@pytest.mark.parametrize("url", ["https://github.com/acme/fraud/actions/runs/1", "", "javascript:alert(1)"])
def test_a_button_only_where_there_is_a_page(url: str) -> None:
    shown = render(card(url=url, started=1_798_000_000.0, ended=1_798_000_600.0))
    check_message(shown)
    buttons = [one for block in shown["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["url"] for one in buttons] == ([url] if url.startswith("https") else [])


def test_nothing_that_people_write_formats_or_calls() -> None:
    shown = render(card(model=WILD, environment=WILD, reason=WILD, engine=WILD, words=WILD, version=WILD))
    check_message(shown)
    assert "<!channel>" not in json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize("text", ["fraud, production", "", WILD], ids=["usual", "empty", "wild"])
def test_the_form(text: str) -> None:
    view = render_form(RetrainForm(text, text, "fraud", "production", "01I", text, "C1"))
    check_view(view)
    assert json.loads(view["private_metadata"]) == {"m": "fraud", "e": "production", "i": "01I", "ch": "C1"}
    assert (view["callback_id"], view["submit"]["text"]) == ("form.retrain", "Retrain")
