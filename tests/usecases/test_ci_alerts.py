"""CI that fails, and comes back: told once, on one card a commit."""

from __future__ import annotations

import pytest

from bot.domain.commands import LookCi, TellSubscribers
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.errors import ChatUnavailable, ForgeUnavailable, Transient
from tests.usecases.ci_rig import ANA, C1, C2, C3, NOW, RULES, TOOLS, TRAINING, CiRig


@pytest.fixture
def rig() -> CiRig:
    rig = CiRig()
    rig.push(C1)
    return rig


def test_a_first_sight_that_is_green_is_silent(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success")
    rig.poll()
    assert rig.sent() == []


def test_a_first_sight_that_is_red_is_one_alert(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure", told=False)
    rig.poll()
    rig.poll()
    [card] = rig.cards()
    assert (card.repo, card.branch, card.sha, card.suspects) == (TRAINING, "main", C1, ())
    assert (card.notify, card.models) == (("slack:U0ANA",), ("fraud",))
    assert [one.posted.channel for one in rig.sent()] == ["C0FRAUD"]


def test_the_transition_to_failure_names_gates_why_and_who(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success")
    rig.push(C2, C3, author="ben")
    rig.ends(C3, "lint", "failure", told=False, summary="2 errors")
    rig.ends(C3, "unit", "failure")
    [card] = rig.cards()
    assert [(one.gate, one.summary, one.excerpt) for one in card.gates] == [
        ("lint", "2 errors", "tests/lint.py:3 wrong"),
        ("unit", "", "tests/unit.py:3 wrong"),
    ]
    assert (card.sha, card.green) == (C3, C1)  # lint was never green here; unit was


def test_suspects_are_the_commits_since_the_last_green_one(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success")
    rig.push(C2, C3)
    rig.ends(C3, "unit", "failure")
    [card] = rig.cards()
    assert [(one.sha, one.author, one.person) for one in card.suspects] == [(C3, "ana", ANA), (C2, "ana", ANA)]
    assert (card.green, card.more) == (C1, 0)
    assert card.compare.startswith("https://github.com/acme/fraud-training/compare/")


def test_a_name_in_a_commit_mentions_nobody(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success")
    rig.push(C2, author="ana", login="")
    rig.ends(C2, "unit", "failure")
    assert [(one.author, one.person) for one in rig.cards()[0].suspects] == [("ana", None)]


def test_a_commit_that_fails_on_updates_the_first_card_and_posts_none(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    rig.push(C2, C3)
    rig.ends(C2, "unit", "failure")
    rig.ends(C3, "unit", "failure")
    [card] = rig.cards()
    assert [(one.sha, one.since, one.failing) for one in card.gates] == [(C3, 2, True)]
    assert rig.replies() == []


def test_back_turns_the_card_and_says_so_in_its_thread(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    rig.push(C2)
    rig.ends(C2, "unit", "success")
    assert rig.states() == {"unit": False}
    assert rig.replies() == [ThreadEvent("Back at 2222222: unit.")]
    rig.hook(C2)
    assert len(rig.replies()) == 1


def test_a_second_gate_of_a_told_commit_stands_on_its_card(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    rig.ends(C1, "lint", "failure")
    assert rig.states() == {"unit": True, "lint": True}
    assert rig.replies() == [ThreadEvent("Fails too at 1111111: lint.")]


def test_failing_again_on_the_same_commit_is_no_second_card(rig: CiRig) -> None:
    for state in ("failure", "success", "failure"):
        rig.ends(C1, "unit", state)
    assert rig.states() == {"unit": True}
    last = rig.replies()[-1]
    assert isinstance(last, ThreadNews)
    assert last.notify == ("slack:U0ANA",)
    assert len(rig.cards()) == 1


def test_another_gate_of_a_later_commit_has_a_card_of_its_own(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    rig.push(C2)
    rig.ends(C2, "unit", "failure", told=False)
    rig.ends(C2, "lint", "failure")
    assert [(card.sha, [one.gate for one in card.gates]) for card in rig.cards()] == [(C1, ["unit"]), (C2, ["lint"])]


@pytest.mark.parametrize("state", ["pending", "skipped"])
def test_what_says_nothing_changes_nothing(rig: CiRig, state: str) -> None:
    rig.ends(C1, "unit", "failure")
    rig.push(C2)
    rig.ends(C2, "unit", state)
    assert rig.states() == {"unit": True}
    assert rig.cards()[0].gates[0].sha == C1


def test_delivered_twice_is_told_once(rig: CiRig) -> None:
    rig.ends(C1, "unit", "failure")
    before = [(one.posted, one.edits) for one in rig.sent()]
    rig.hook(C1)
    rig.hook(C1)
    assert [(one.posted, one.edits) for one in rig.sent()] == before


def test_late_after_a_newer_green_is_silent(rig: CiRig) -> None:
    rig.push(C2)
    rig.ends(C2, "unit", "success", told=False)
    rig.ends(C1, "unit", "failure")
    assert rig.sent() == []


def test_late_where_nothing_newer_is_known_is_told(rig: CiRig) -> None:
    rig.push(C2)
    rig.ends(C1, "unit", "failure")
    assert [card.sha for card in rig.cards()] == [C1]


def test_late_and_failing_on_both_is_one_card(rig: CiRig) -> None:
    rig.push(C2)
    rig.ends(C2, "unit", "failure")
    rig.ends(C1, "unit", "failure")
    assert [card.sha for card in rig.cards()] == [C2]


def test_a_late_green_tells_who_is_not_to_blame(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success")
    rig.push(C2, C3)
    rig.ends(C2, "unit", "success")
    rig.ends(C3, "unit", "failure")
    assert [one.sha for one in rig.cards()[0].suspects] == [C3]


def test_an_older_run_of_the_same_commit_is_no_news(rig: CiRig) -> None:
    rig.ends(C1, "unit", "success", at=NOW + 50)
    rig.ends(C1, "unit", "failure", at=NOW + 10)
    assert rig.sent() == []


def test_what_stands_on_no_known_branch_is_dropped(rig: CiRig) -> None:
    rig.ends("9" * 40, "unit", "failure")
    assert rig.sent() == []


@pytest.mark.parametrize("repo", ["acme/unknown", "evil/fraud-training"])
def test_repositories_that_the_policy_does_not_name_are_dropped(rig: CiRig, repo: str) -> None:
    rig.push(C1, repo=repo)
    asked = rig.ci.asked
    rig.ends(C1, "unit", "failure", repo)
    assert (rig.sent(), rig.ci.asked) == ([], asked)


def test_a_listed_repository_goes_to_the_policys_channel_whatever_its_case(rig: CiRig) -> None:
    rig.push(C1, repo=TOOLS)
    rig.ends(C1, "unit", "failure", TOOLS, told=False)
    rig.hook(C1, "Acme/Tools")
    assert [(one.posted.channel, card.repo) for one, card in zip(rig.sent(), rig.cards(), strict=True)] == [
        ("C0DEPLOYS", TOOLS)
    ]


def test_a_policy_that_cannot_be_read_waits_for_the_next_look(rig: CiRig) -> None:
    rig.checkout.change("main", {".slackops.yaml": b"version: [\n"})
    rig.ends(C1, "unit", "failure")
    assert rig.sent() == []
    rig.checkout.change("main", {".slackops.yaml": RULES.encode()})
    rig.poll()
    assert len(rig.cards()) == 1


def test_many_checks_at_once_are_one_look(rig: CiRig) -> None:
    for number in range(30):
        rig.ci.result(TRAINING, C1, f"gate {number}", "failure", NOW)
        rig.inbox.put(f"github:many{number}:ci", LookCi(repo=TRAINING, sha=C1))
    rig.drain()
    [card] = rig.cards()
    assert len(card.gates) == 30
    assert rig.ci.asked < 12


@pytest.mark.parametrize("what", ["ci", "chat"])
def test_an_outage_loses_nothing_and_doubles_nothing(rig: CiRig, what: str) -> None:
    error: Transient = ForgeUnavailable("away") if what == "ci" else ChatUnavailable("away")
    getattr(rig, what).fails = error
    with pytest.raises(type(error)):
        rig.ends(C1, "unit", "failure")
    rig.clock.tick(100)  # the lease ends, and another worker takes the row
    rig.drain()
    rig.hook(C1)
    assert len(rig.cards()) == 1


def test_a_channel_that_is_not_there_is_a_dead_letter_and_not_tried_for_ever(rig: CiRig) -> None:
    rig.chat.channels = rig.chat.channels[:1]
    with pytest.raises(Exception, match="no channel"):
        rig.ends(C1, "unit", "failure")
    rig.clock.tick(100)
    rig.drain()
    rig.poll()
    assert rig.sent() == []


def test_subscribers_are_told_of_a_new_alert_once(rig: CiRig) -> None:
    rig.hears("C0DEPLOYS", "C0FRAUD")
    rig.ends(C1, "unit", "failure", told=False)
    rig.poll()
    rows = [row for row in rig.inbox.records if row.key.startswith("news:")]
    assert [row.key for row in rows] == [f"news:ci:{TRAINING}:{C1}:fraud"]
    told = TellSubscribers.model_validate_json(rows[0].body)
    assert (told.event, told.model, told.but) == ("ci", "fraud", ("C0FRAUD",))
    assert told.text == f"CI failed: {TRAINING} main 1111111: unit"
    assert rig.news() == [("C0DEPLOYS", told.text)], "the channel of the card has heard it"


def test_the_deployment_repos_ci_is_heard_by_who_subscribed_to_an_environment_once(rig: CiRig) -> None:
    deployment = rig.forge.repository
    for name in ("fraud", "production"):
        rig.hears("C0FRAUD", model=name)
    rig.push(C1, repo=deployment)
    rig.ends(C1, "unit", "failure", deployment)
    rig.drain()
    assert rig.news() == [("C0FRAUD", f"CI failed: {deployment} main 1111111: unit")]
    orders = [row.order for row in rig.inbox.records if row.key.startswith("news:")]
    assert len(orders) == 2
    assert None not in orders
    assert len(set(orders)) == 1, "one after the other, or two workers would both tell it"
