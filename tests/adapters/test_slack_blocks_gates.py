"""A gate's line on a card leads to what tells more of it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.gates import GateResult, GateState
from tests.adapters.test_slack_blocks import shown
from tests.support.cards import review_card

LINT = GateResult("ci/lint", GateState.FAIL, "ci/lint failed", "success", url="https://ci.example/runs/7")


def told(gate: GateResult, note: str = "") -> str:
    return shown(review_card(gates=(gate,), note=note))


def test_the_name_is_a_link() -> None:
    assert "✗ <https://ci.example/runs/7|ci/lint> fails: ci/lint failed; success" in told(LINT)


def test_it_stands_there_though_the_sentence_above_says_the_same() -> None:
    note = "ci/lint: ci/lint failed; needs success."
    assert "<https://ci.example/runs/7|ci/lint>" in told(LINT, note)
    assert "✗ ci/lint" not in told(replace(LINT, url=None), note)


def test_what_is_no_web_address_is_no_link() -> None:
    assert "✗ ci/lint fails" in told(replace(LINT, url="javascript:alert(1)"))
