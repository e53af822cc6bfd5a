"""What keeps CI from crying too often: flapping, snoozes, many failures at once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.ci_cards import CiDigestLine
from bot.domain.commands import FillForm, Origin, SnoozeCi
from bot.domain.forms import SnoozeCiForm
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from tests.fakes.chat import View
from tests.usecases.ci_rig import ANA, BEN, C1, C2, NOW, RULES, TRAINING, CiRig

ORIGIN = Origin(channel="C0FRAUD")
MANY = [f"acme/repo-{number}" for number in range(6)]


@pytest.fixture
def rig() -> CiRig:
    rig = CiRig()
    rig.push(C1)
    return rig


def snooze(rig: CiRig, until: str = "2h", gate: str = "unit", **more: object) -> None:
    asked = {"by": ANA, "origin": ORIGIN, "repo": TRAINING, "sha": C1, "gate": gate, "until": until}
    rig.ask(SnoozeCi.model_validate(asked | more))


def flap(rig: CiRig, times: int) -> None:
    for _ in range(times):
        rig.ends(C1, "unit", "failure")
        rig.ends(C1, "unit", "success")


def test_flapping_is_told_on_the_card_alone(rig: CiRig) -> None:
    flap(rig, 4)
    said = len(rig.replies())
    flap(rig, 3)
    rig.ends(C1, "unit", "failure")
    assert len(rig.replies()) == said
    assert len(rig.cards()) == 1
    assert (rig.cards()[0].gates[0].failing, rig.cards()[0].gates[0].flapping) == (True, True)


def test_a_gate_that_flapped_on_another_commit_gets_no_new_card(rig: CiRig) -> None:
    flap(rig, 4)
    rig.push(C2)
    rig.ends(C2, "unit", "failure")
    assert [card.sha for card in rig.cards()] == [C1]
    assert rig.cards()[0].gates[0].sha == C2


def test_when_the_flapping_is_over_and_it_fails_still_that_is_told(rig: CiRig) -> None:
    flap(rig, 4)
    rig.ends(C1, "unit", "failure")
    rig.drain(3700)
    last = rig.replies()[-1]
    assert isinstance(last, ThreadNews)
    assert last.headline == "CI fails still: unit"
    count = len(rig.replies())
    rig.drain(3700)
    rig.poll()
    assert len(rig.replies()) == count


def test_a_snooze_is_shown_keeps_quiet_and_ends_by_itself(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    snooze(rig, reason="known")
    assert rig.cards()[0].gates[0].snoozed is not None
    assert isinstance(rig.replies()[-1], ThreadEvent)
    assert isinstance(rig.chat.whispers[-1].message, Receipt)
    count = len(rig.replies())
    rig.push(C2)
    rig.ends(C2, "unit", "success")
    rig.ends(C2, "unit", "failure")
    assert (len(rig.replies()), len(rig.cards())) == (count, 1)
    rig.drain(7300)
    assert [card.sha for card in rig.cards()] == [C1, C2]
    assert rig.log.of(TRAINING)[0].snoozes == {}


def test_a_snoozed_failure_that_goes_on_is_told_when_the_snooze_ends(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    snooze(rig, gate="*")
    rig.drain(7300)
    last = rig.replies()[-1]
    assert isinstance(last, ThreadNews)
    assert last.notify == ("slack:U0ANA",)
    assert rig.cards()[0].gates[0].snoozed is None
    count = len(rig.sent())
    rig.poll()
    assert len(rig.sent()) == count


def test_a_snooze_over_what_came_back_says_nothing(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    snooze(rig)
    rig.ends(C1, "unit", "success")
    count = len(rig.replies())
    rig.drain(7300)
    assert len(rig.replies()) == count


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"by": BEN}, "not_allowed"),
        ({"repo": "acme/none"}, "not_supported"),
        ({"gate": "nothing"}, "bad_usage"),
        ({"until": "soon"}, "bad_usage"),
        ({"until": "2020-01-01T00:00"}, "bad_usage"),
    ],
    ids=["not theirs", "no such repository", "no such gate", "no time", "over"],
)
def test_a_snooze_that_is_refused_says_why(rig: CiRig, asked: dict[str, Any], reason: str) -> None:
    rig.ends(C1, "unit", "failure")
    snooze(rig, **asked)
    said = rig.chat.whispers[-1].message
    assert isinstance(said, Refusal)
    assert said.reason == reason
    assert rig.log.of(TRAINING)[0].snoozes == {}


def test_the_form_names_what_fails(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure", told=False)
    rig.ends(C1, "lint", "success")
    rig.chat.views["V1"] = View("h")
    fill = FillForm(by=ANA, origin=ORIGIN, form="snooze_ci", view_id="V1", view_hash="h", model=TRAINING, version=C1)
    rig.ask(fill)
    form = rig.chat.views["V1"].form
    assert isinstance(form, SnoozeCiForm)
    assert [choice.value for choice in form.gates] == ["*", "unit"]
    assert (form.repo, form.sha, form.channel) == (TRAINING, C1, "C0FRAUD")


def stormy(rules: str = RULES, *listeners: str) -> CiRig:
    rig = CiRig(rules.replace("repos: [acme/tools]", f"repos: [{', '.join(MANY)}]"))
    rig.hears(*listeners)
    for repo in MANY:
        rig.push(C1, repo=repo)
        rig.ends(C1, "unit", "failure", repo)
    return rig


def test_many_at_once_are_one_message() -> None:
    rig = stormy()
    assert [card.repo for card in rig.cards()] == MANY[:2]
    assert rig.digests() == []
    rig.drain(900)
    rig.drain(900)
    [digest] = rig.digests()
    url = "https://github.com/acme/repo-2/runs/unit"
    assert [line.repo for line in digest.lines] == MANY[2:]
    assert digest.lines[0] == CiDigestLine("acme/repo-2", "main", C1, ("unit",), True, url)


def test_what_was_kept_back_and_is_back_turns_the_message() -> None:
    rig = stormy()
    rig.drain(900)
    rig.ends(C1, "unit", "success", MANY[3])
    [digest] = rig.digests()
    assert {line.repo: line.failing for line in digest.lines} == {
        MANY[2]: True,
        MANY[3]: False,
        MANY[4]: True,
        MANY[5]: True,
    }
    assert len(rig.cards()) == 2


@pytest.mark.parametrize(("late", "heard"), [(1800, True), (7200, True), (2 * 86400, False)], ids=str)
def test_subscribers_hear_of_what_was_kept_back_with_the_message_of_many(late: float, *, heard: bool) -> None:
    rules = RULES.replace("acme/fraud-training", MANY[5]).replace('    channel: "#fraud"\n', "")
    rig = stormy(rules, "C0FRAUD", "C0DEPLOYS")
    rig.push(C2, repo=MANY[5])
    rig.ends(C2, "lint", "failure", MANY[5])
    assert rig.news() == []
    rig.drain(late)
    rig.ends(C2, "unit", "success", MANY[5])
    rig.drain()
    words = f"CI failed: {MANY[5]} main 1111111: unit; main 2222222: lint (2 commits)"
    assert rig.news() == ([("C0FRAUD", words)] if heard else [])


def test_what_came_back_before_the_message_of_many_is_no_news_for_subscribers() -> None:
    rig = stormy(RULES.replace("acme/fraud-training", MANY[5]).replace('    channel: "#fraud"\n', ""), "C0FRAUD")
    rig.ends(C1, "unit", "success", MANY[5])
    rig.drain(1800)
    assert len(rig.digests()) == 1
    assert rig.news() == []


def test_after_the_window_there_are_cards_again() -> None:
    rig = stormy()
    rig.drain(1800)
    rig.push(C2, repo=MANY[0])
    rig.ends(C2, "lint", "failure", MANY[0])
    assert [card.repo for card in rig.cards()] == [*MANY[:2], MANY[0]]
    assert rig.clock.now() > NOW + 1800


def test_a_window_of_no_time_keeps_nothing_back() -> None:
    rig = CiRig(
        RULES.replace("repos: [acme/tools]", f"repos: [{', '.join(MANY)}]").replace("within: 15m", "within: 0s")
    )
    for repo in MANY:
        rig.push(C1, repo=repo)
        rig.ends(C1, "unit", "failure", repo)
    assert len(rig.cards()) == len(MANY)
