"""The newest decisions about a model, as the asker sees them in Slack."""

from __future__ import annotations

import json

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.audit import AuditEntry
from bot.domain.audit_cards import MOST, AuditLine, AuditList
from bot.domain.audit_words import WORDS, line_of, text_of
from bot.domain.people import Person
from tests.support.slack_contract import check_message

BEN = Person(team="T0SANDBOX", user="U0BEN")


def test_a_line_each_with_who_and_when() -> None:
    lines = (
        AuditLine(1_798_135_200.0, BEN, "", "approved 42, production (#7): looks good"),
        AuditLine(1_798_135_100.0, None, "@kim", "merged 42, production (#7)"),
    )
    body = render(AuditList("fraud-detector", lines, more=True))
    check_message(body)
    said = json.dumps(body["blocks"], ensure_ascii=False)
    assert body["text"] == "Audit: fraud-detector: approved 42, production (#7): looks good"
    for part in (
        "<!date^1798135200^",
        "<@U0BEN> approved 42, production (#7): looks good",
        "kim merged",
        "audit export",
    ):
        assert part in said, part


def test_nothing_yet() -> None:
    body = render(AuditList("ltv", ()))
    check_message(body)
    assert "Nothing was decided about it yet." in json.dumps(body["blocks"])


@pytest.mark.parametrize("text", ["<!channel> *x*", "x" * 5_000, "", "\u202e@here", "`" * 40])
def test_whatever_a_reason_holds(text: str) -> None:
    lines = tuple(AuditLine(float(n), None, text, text) for n in range(MOST))
    body = render(AuditList(text or "m", lines))
    check_message(body)
    assert "<!channel>" not in json.dumps(body)


@pytest.mark.parametrize("what", [*WORDS, "a deed of a later release"])
def test_every_deed_has_words(what: str) -> None:
    entry = AuditEntry("k", what, 1.0, "slack:T1/U1", model="fraud", version="42", number=7, why="because\nof {x}")
    assert text_of(entry)
    assert line_of(entry).person == Person(team="T1", user="U1")
    assert text_of(AuditEntry("k", what, 1.0, "policy"))


def test_a_refusal_names_what_was_asked_and_its_code() -> None:
    told = {"asked": "review", "reason": "own_change"}
    entry = AuditEntry(
        "k", "refused", 1.0, "github:kim", version="42", environment="production", why="No.", evidence=told
    )
    assert text_of(entry) == "was refused a review of 42, production: No. (own_change)"
    assert line_of(entry).name == "@kim"


@pytest.mark.parametrize(
    ("by", "what", "words"),
    [
        ("slackops", "review_counts_not", "finds that @chloe's review of 42, production does not count: has left"),
        ("slack:T1/U0CHLOE", "review_counts", "has a review of 42, production that counts: has left"),
        ("github:chloe", "review_counts", "has a review of 42, production that counts: has left"),
        ("slackops", "voided", "voided what @chloe said of 42, production: has left"),
    ],
)
def test_whose_review_the_bot_found_not_to_count(by: str, what: str, words: str) -> None:
    entry = AuditEntry("k", what, 1.0, by, login="chloe", environment="production", version="42", why="has left")
    assert text_of(entry) == words
