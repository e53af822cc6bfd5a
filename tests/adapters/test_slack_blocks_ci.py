"""What CI looks like: within Slack's rules whatever a log says, and with nothing in it that mentions or formats."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack_blocks import render, render_form
from bot.domain.ci_cards import CiCard, CiDigest, CiDigestLine, CiGateLine, CiSuspectLine
from bot.domain.forms import Choice, SnoozeCiForm
from bot.domain.people import Person
from tests.support.slack_contract import check_message, check_view

SHA, LATER, URL = "abc1234" + "0" * 33, "def5678" + "0" * 33, "https://github.com/acme/x/runs/1"
ANA = Person(team="T1", user="U0ANA")


def card(*gates: CiGateLine, **more: object) -> CiCard:
    known = gates or (CiGateLine("unit-tests", True, SHA, url=URL), CiGateLine("lint", True, SHA))
    return CiCard("acme/fraud-training", "main", SHA, known, **more)  # type: ignore[arg-type]


def words(message: CiCard | CiDigest) -> str:
    return json.dumps(render(message)["blocks"], ensure_ascii=False)


def test_it_reads_as_it_should() -> None:
    shown = render(card(notify=("slack:U0ANA",), models=("fraud",)))
    assert shown["text"] == "CI failed: acme/fraud-training main abc1234: unit-tests, lint (2)"
    said = json.dumps(shown["blocks"], ensure_ascii=False)
    assert "<@U0ANA>" in said
    assert "Concerns fraud" in said
    buttons = shown["blocks"][-1]["elements"]
    assert [one["action_id"] for one in buttons] == ["ci.rerun", "ci.snooze", "ci.open"]
    assert json.loads(buttons[0]["value"]) == {"r": "acme/fraud-training", "s": SHA}
    assert buttons[2]["url"] == URL


def test_back_calls_nobody_and_offers_only_to_look() -> None:
    gone = card(CiGateLine("unit", False, LATER, url=URL), notify=("slack:U0ANA",), people=(ANA,))
    assert render(gone)["text"] == "CI is back: acme/fraud-training main abc1234: unit"
    assert "<@" not in words(gone)
    assert [one["action_id"] for one in render(gone)["blocks"][-1]["elements"]] == ["ci.open"]


def test_how_far_it_fails_on_and_what_keeps_it_quiet() -> None:
    said = words(card(CiGateLine("unit", True, LATER, 3, flapping=True, snoozed=1_800_000_000.0)))
    assert "fails still at `def5678`, 3 commits since · flapping · snoozed until <!date^1800000000" in said


def test_suspects_are_mentioned_only_where_they_linked_an_account() -> None:
    suspects = (CiSuspectLine(SHA, "Fix it", "ana", ANA), CiSuspectLine(LATER, "<!channel>", "<@U0BEN>"))
    said = words(card(suspects=suspects, more=7, green=LATER, compare="https://github.com/a/b/compare/x...y"))
    assert "Since `def5678`, which passed (<https://github.com/a/b/compare/x...y|compare>):" in said
    assert "<@U0ANA>" in said
    assert "<!channel>" not in said
    assert "<@U0BEN>" not in said
    assert "… and 7 more" in said


def test_a_log_cannot_leave_its_block() -> None:
    said = words(card(CiGateLine("unit", True, SHA, excerpt="```\n<!channel> *x*\n```")))
    assert "&lt;!channel&gt;" in said
    assert said.count("```") == 2


def test_many_at_once() -> None:
    lines = tuple(CiDigestLine("acme/x", "main", SHA, ("unit",), number != 1, URL) for number in range(25))
    shown = render(CiDigest(lines, 1_800_000_000.0, ("slack:U0ANA",)))
    assert shown["text"] == "CI: 25 more commits failed in 1 repository, 24 fail still"
    said = json.dumps(shown["blocks"], ensure_ascii=False)
    assert said.count("(back)") == 1
    assert "… and 5 more" in said
    assert "<@U0ANA>" in said


TEXT = st.text(max_size=600)
GATES = st.builds(
    CiGateLine,
    TEXT,
    st.booleans(),
    TEXT,
    st.integers(0, 10**9),
    TEXT,
    TEXT,
    TEXT,
    st.booleans(),
    st.none() | st.floats(),
)


@given(st.lists(GATES, min_size=1, max_size=40), TEXT, st.lists(TEXT, max_size=30), st.booleans())
def test_any_text_stays_within_slacks_rules(gates: list[CiGateLine], text: str, many: list[str], every: bool) -> None:
    suspects = tuple(CiSuspectLine(one, text, one) for one in many[:5])
    message = CiCard(text, text, text, tuple(gates), suspects, 3, text, text, tuple(many), every, tuple(many), (ANA,))
    check_message(render(message))


@given(st.lists(st.builds(CiDigestLine, TEXT, TEXT, TEXT, st.lists(TEXT).map(tuple), st.booleans(), TEXT), min_size=1))
def test_any_digest_stays_within_slacks_rules(lines: list[CiDigestLine]) -> None:
    check_message(render(CiDigest(tuple(lines), 1.0, ("slack:S0TEAM",))))


@pytest.mark.parametrize("count", [0, 1, 150], ids=["none", "one", "more than a select holds"])
def test_the_form(count: int) -> None:
    form = SnoozeCiForm("acme/x", SHA, tuple(Choice(f"g{n}", f"g{n}") for n in range(count)), "C1")
    view = render_form(form)
    check_view(view)
    assert json.loads(view["private_metadata"]) == {"r": "acme/x", "s": SHA, "ch": "C1"}
