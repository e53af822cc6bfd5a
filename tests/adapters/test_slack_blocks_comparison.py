"""The comparison in Slack: a table within its limits, and sentences where there is nothing for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.comparison import Comparison
from bot.domain.comparison_card import ComparisonCard
from bot.domain.facts import DatasetInput
from tests.domain.comparing_facts import INTENT, NEW, OLD, told
from tests.support.slack_contract import check_message, contract

CONTRACT = contract()


def table(comparison: Comparison) -> list[list[str]]:
    """The cells of the only table; none where there is none."""
    body = render(ComparisonCard(comparison, "https://bot.example/changes/1"))
    check_message(body)
    assert CONTRACT is None or CONTRACT.message_errors(body["blocks"]) == []
    tables: list[Any] = [block for block in body["blocks"] if block["type"] == "table"]
    return [[cell["text"] for cell in row] for one in tables for row in one["rows"]]


def words(comparison: Comparison) -> str:
    return str(render(ComparisonCard(comparison, "https://bot.example/changes/1")))


def test_the_table() -> None:
    rows = table(told())
    assert rows[0] == [" ", "41", "42", "Difference", " "]
    assert rows[1] == ["roc_auc (primary)", "0.941", "0.948", "+0.007 (+0.74%)", "▲ better"]
    assert ["log_loss", "0.3", "0.31", "+0.01 (+3.3%)", "▲ worse"] in rows
    assert ["parameter depth", "6", "8", " ", "changed"] in rows
    assert ["data train (training)", "d1", "d2", " ", "changed"] in rows
    assert ["library scikit-learn", "==1.3.0", "==1.4.2", " ", "changed"] in rows


def test_what_stands_under_it() -> None:
    said = words(told())
    for part in ("7 commits between them", "Subject 7", "Now required", "3 days after 41", "Elsewhere: staging 42"):
        assert part in said
    assert "Owners: @fraud" in said  # named, and nobody is called
    assert "<!subteam" not in said
    assert "<https://bot.example/changes/1|Details>" in said


def test_owners_by_id_are_left_out() -> None:
    owned = replace(told(), owners=("slack:S0FRAUD", "slack:T0/U0ANA", "slack:@fraud", "github:acme/ml"))
    assert "Owners: @fraud, github:acme/ml" in words(owned)


def test_the_push_text_says_the_primary_metric() -> None:
    text = render(ComparisonCard(told()))["text"]
    assert text == ("Compared: fraud 41→42, production · roc_auc 0.941 → 0.948 (+0.007, ▲ better) · +4 more metrics")


def test_a_first_version_has_one_column() -> None:
    first = told(NEW, None, intent=replace(INTENT, frm=None), requirements=None, commits=None)
    assert table(first)[:2] == [[" ", "42"], ["roc_auc (primary)", "0.948"]]
    assert "nothing to compare it with" in words(first)


def test_nothing_for_a_table_is_said() -> None:
    bare = told(replace(NEW, metrics={}, params={}, datasets=()), replace(OLD, metrics={}, params={}, datasets=()))
    plain = replace(bare, requirements=(), commits=None)
    assert table(plain) == []
    assert "No metric, parameter or data set tells the two apart." in words(plain)


def test_silence_is_said() -> None:
    said = words(told(None, None, requirements=None, commits=None, missing=("commits", "requirements")))
    for who in ("of the candidate now", "commits between the two could not", "libraries that the two need could not"):
        assert who in said


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_thousands_of_everything_stay_within_the_limits(long: bool) -> None:
    tail = "x" * 300 if long else ""
    many = {f"m{n}{tail}": n + 0.123456789 for n in range(3_000)}
    params = {f"p{n}{tail}": f"{n}{tail}" for n in range(500)}
    sets = tuple(DatasetInput(f"d{n}{tail}", f"{n}{tail}") for n in range(100))
    lines = tuple(f"lib{n}==1.{n}{tail}" for n in range(300))
    new = replace(NEW, metrics=many, params=params, datasets=sets)
    rows = table(told(new, requirements=((), lines)))
    assert 20 < len(rows) < 100
    assert sum(len(cell) for row in rows for cell in row) < 10_000
    assert "more in the pull request" in words(told(new, requirements=((), lines)))


def test_untrusted_names_mention_nobody() -> None:
    evil = "<!channel> <@U0ANA> *x*"
    new = replace(NEW, metrics={evil: 1.0}, params={evil: evil}, datasets=(DatasetInput(evil, evil),))
    said = words(told(new, requirements=((), (evil,))))
    assert "<!channel>" not in said
    assert "<@U0ANA>" not in said
