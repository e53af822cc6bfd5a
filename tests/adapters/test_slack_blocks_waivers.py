"""Waivers on cards and in refusals, and the form that gives one; within Slack's limits."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.adapters.slack_blocks import render, render_form
from bot.domain.cards import Refusal, Stage
from bot.domain.change import Waiver
from bot.domain.forms import Choice, WaiveForm
from bot.domain.gates import GateResult, GateState
from bot.domain.waive_cards import WaiverLine
from bot.domain.waiving import with_waivers
from tests.adapters.test_slack_blocks_stops import ANA, words
from tests.support.cards import review_card
from tests.support.slack_contract import check_message, check_view

LONG = "<!channel> *x* `" * 300
FAILING = GateResult("log_loss", GateState.FAIL, "4% worse than 16", "at most 1% worse", waivable=True)
WAIVER = Waiver("log_loss", ANA, "the drift is known", 0.0, "d", FAILING.required, id="W1")
LINE = WaiverLine("log_loss", ANA, "the drift is known")


def options(card: object) -> list[str]:
    menu = render(card)["blocks"][-1]["elements"][-1]["options"]  # type: ignore[arg-type]
    assert 2 <= len(menu) <= 5
    return [json.loads(one["value"])["do"] for one in menu]


def test_the_menu_offers_it_where_something_can_be_waived():
    usual, stuck = options(review_card()), options(review_card(stage=Stage.BLOCKED, gates=(FAILING,)))
    assert usual[-1] == "open"
    assert stuck[-1] == "waive"
    waived = with_waivers([FAILING], [WAIVER], "d")
    assert options(review_card(gates=waived))[-1] == "open"
    assert options(review_card(gates=(replace(FAILING, waivable=False),)))[-1] == "open"


def test_a_waived_gate_says_that_it_fails_and_that_it_is_waived():
    card = review_card(gates=with_waivers([FAILING], [WAIVER], "d"), waivers=(LINE,))
    body = render(card)
    check_message(body)
    assert "✗ log_loss fails, waived: 4% worse than 16; at most 1% worse" in words(body)
    assert "0/1 gates, 1 waived" in words(body)
    assert "<@U0ANA> waived log_loss: “the drift is known”" in words(body)


@pytest.mark.parametrize(("stage", "times"), [(Stage.MERGED, ()), (Stage.LIVE, (("merged", 1.0),)), (Stage.CLOSED, ())])
def test_it_stays_for_good(stage, times):
    body = render(review_card(stage=stage, times=times, can_decide=False, waivers=(LINE,)))
    check_message(body)
    assert "<@U0ANA> waived log_loss" in words(body)


def test_an_end_is_told_and_untrusted_words_call_nobody():
    line = WaiverLine(LONG, ANA, LONG, "withdrawn", ANA)
    body = render(review_card(waivers=(line,) * 40))
    check_message(body)
    assert "withdrawn by <@U0ANA>" in words(body)
    assert "<!channel>" not in words(body)
    assert "+36 more waivers in the audit" in words(body)


@pytest.mark.parametrize("count", [1, 3, 150])
def test_the_form(count):
    gates = tuple(Choice(f"gate {n}: fails", f"gate {n}") for n in range(count))
    view = render_form(WaiveForm(gates, LONG, "01J", "d" * 64, LONG, "C1"))
    check_view(view)
    assert json.loads(view["private_metadata"]) == {"c": "01J", "d": "d" * 64, "ch": "C1"}
    chosen = view["blocks"][1]["element"].get("initial_option")
    assert bool(chosen) is (count == 1)


def test_a_refusal_mentions_those_who_may_waive():
    unblock = "Train again, or ask slack:U0BEN or slack:S0LEADS or github:acme/ml-leads or slack:@leads to waive."
    body = render(Refusal("Not proposed", "gate_failed", "log_loss: slack:U0BEN", unblock))
    check_message(body)
    assert "ask <@U0BEN> or <!subteam^S0LEADS> or github:acme/ml-leads or @leads to waive" in words(body)
    assert "log_loss: slack:U0BEN" in words(body)
