"""Cards and dialogs say a thing once, and in words that people use."""

from __future__ import annotations

import pytest

from bot.adapters.slack_blocks import render, render_form
from bot.domain import forms
from bot.domain.gates import GateResult, GateState
from tests.adapters.test_slack_blocks import shown
from tests.support import cards as some


def test_a_gate_that_the_note_tells_of_is_not_told_again() -> None:
    fails = GateResult("log_loss", GateState.FAIL, "4% worse than 16", "limit 1%")
    words = shown(some.review_card(gates=(fails,), note="log_loss: 4% worse than 16; needs limit 1%."))
    assert words.count("4% worse than 16") == 1
    assert "0/1 gates" in words
    assert "✗ log_loss fails" in shown(some.review_card(gates=(fails,), note="Waiting for log_loss."))


@pytest.mark.parametrize(("given", "said"), [(0, "With 2 more approvals,"), (1, "With your approval,")])
def test_the_question_says_whose_approval_is_enough(given: int, said: str) -> None:
    question = render(some.review_card(approvals=given))["blocks"][-1]["elements"][0]["confirm"]
    assert question["text"]["text"].startswith(f"{said} production will serve fraud-detector 42 instead of 41")


def test_a_diff_names_each_file_once() -> None:
    body = "--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-diff --git 1\n+2"
    diff = f"diff --git a/x.yaml b/x.yaml\nindex 1..2 100644\n{body}\n"
    (page,) = [b["text"]["text"] for b in render_form(forms.DiffView("Diff", "x", diff))["blocks"][1:]]
    assert page == f"```\n{body}\n```"
    moved = "diff --git a/x b/y\nsimilarity index 100%\n"
    assert "diff --git a/x b/y" in str(render_form(forms.DiffView("Diff", "x", moved)))
