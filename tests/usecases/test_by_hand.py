"""Pull requests that people make themselves: judged as any change is, decided by the same clicks, merged by people."""

from __future__ import annotations

import pytest

from bot.domain.cards import Refusal, Stage, ThreadEvent
from bot.domain.change import ChangeState
from bot.domain.commands import Origin, Reconcile, Review
from bot.domain.people import Person
from tests.usecases.hand_rig import ANA, APPROVALS, BEN, FRAUD, GATES, LTV, POLICY, HandRig, uri

BOTH = {GATES: "success", APPROVALS: "success"}


@pytest.fixture
def rig() -> HandRig:
    return HandRig()


def look(rig: HandRig, number: int) -> None:
    rig.run(Reconcile(number=number))
    rig.drain()


def approve(rig: HandRig, number: int, by: Person = BEN) -> None:
    change = rig.record(number)
    rig.run(
        Review(by=by, origin=Origin(channel="C0"), change=change.id, digest=change.intent.digest, verdict="approve")
    )
    rig.drain()


def test_it_has_one_card_and_both_statuses(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    assert rig.states(number) == {GATES: "success", APPROVALS: "pending"}
    [card] = rig.cards()
    assert (card.stage, card.frm, card.to, card.environment) == (Stage.REVIEW, "40", "42", "production")
    assert card.why == ("Opened by @kim, by hand.",)
    assert rig.record(number).state is ChangeState.BY_HAND
    before = list(rig.forge.writes), len(rig.chat.sent)
    look(rig, number)
    assert (rig.forge.writes, len(rig.chat.sent)) == before


def test_approved_in_slack_it_is_green_and_people_merge_it(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number, by=ANA)
    assert rig.states(number) == BOTH
    [card] = rig.cards()
    assert card.stage is Stage.APPROVED
    assert "whoever opened it merges it" in card.note
    assert not any(one.startswith("merge") for one in rig.forge.writes)
    rig.merged(number)
    look(rig, number)
    change = rig.record(number)
    assert (change.state, change.merge_commit) == (ChangeState.MERGED, rig.forge.pull(number).merge_commit)
    assert rig.cards()[0].stage is Stage.MERGED
    assert "mine" in rig.checkout.remote  # the branch is theirs


@pytest.mark.parametrize("files", [{"README.md": b"words"}, {FRAUD: b"# a word\nuri: s3://models/fraud/40\n"}])
def test_what_moves_nothing_is_green_at_once(rig: HandRig, files: dict[str, bytes | None]) -> None:
    number = rig.opened(files, ci=False)
    look(rig, number)
    assert rig.states(number) == BOTH
    assert rig.changes.by_number(number) is None
    assert rig.chat.sent == []


def test_a_gate_that_fails_blocks_it(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)}, ci=False)
    look(rig, number)
    assert rig.states(number)[GATES] == "pending"
    assert "no such check has run" in rig.words(number)


def test_a_version_that_the_registry_does_not_have(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 4711)})
    look(rig, number)
    assert rig.states(number)[GATES] != "success"
    assert "fraud 4711" in rig.words(number)


def test_several_targets_are_all_named_and_all_judged() -> None:
    strict = POLICY.replace("staging: {}", "staging: {approvals: {required: 2}}")
    rig = HandRig(policy=strict)
    files: dict[str, bytes | None] = {FRAUD: uri("fraud", 42), LTV: uri("ltv", 9)}
    number = rig.opened({**files, "models/fraud/staging.yaml": uri("fraud", 42)})
    look(rig, number)
    change = rig.record(number)
    assert [(move.model, move.environment, move.to) for move in change.moves] == [
        ("fraud", "staging", "42"),
        ("fraud", "production", "42"),
        ("ltv", "production", "9"),
    ]
    [card] = rig.cards()
    assert card.required == 2
    assert "fraud 41→42, staging" in card.why[1]
    assert "fraud 40→42, production" in card.why[1]
    approve(rig, number, by=ANA)
    assert rig.states(number)[APPROVALS] == "pending"
    approve(rig, number, by=BEN)
    assert rig.states(number) == BOTH


def test_a_push_that_means_something_else_ends_approvals(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number)
    rig.pushed("mine", {"notes.txt": b"why"})
    look(rig, number)
    assert rig.states(number) == BOTH  # it means the same
    rig.pushed("mine", {LTV: uri("ltv", 9)})
    look(rig, number)
    assert rig.states(number)[APPROVALS] == "pending"
    said = [sent.message.text for sent in rig.chat.sent if isinstance(sent.message, ThreadEvent)]
    assert any("What it moves has changed" in text for text in said)


def test_what_is_taken_out_again_is_green(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.pushed("mine", {FRAUD: uri("fraud", 40), "notes.txt": b"why"})
    look(rig, number)
    assert rig.states(number) == BOTH
    assert rig.cards()[0].stage is Stage.OBSOLETE
    assert rig.forge.pull(number).state == "open"
    rig.pushed("mine", {FRAUD: uri("fraud", 43)})
    look(rig, number)
    assert (rig.cards()[0].stage, rig.cards()[0].to) == (Stage.REVIEW, "43")


def test_its_author_may_not_approve_it_through_slack(rig: HandRig) -> None:
    rig.forge.permissions["ana2"] = "write"
    number = rig.opened({FRAUD: uri("fraud", 42)}, login="ana")
    look(rig, number)
    assert rig.record(number).requesters == (ANA,)
    approve(rig, number, by=ANA)
    assert isinstance(rig.whispered(), Refusal)
    assert rig.states(number)[APPROVALS] == "pending"


def test_nobody_unlinked_may_approve_what_an_unknown_author_made(rig: HandRig) -> None:
    rig.forge.permissions["stranger"] = "write"
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.forge.review_by_hand("stranger", number, "APPROVE")
    look(rig, number)
    assert rig.states(number)[APPROVALS] == "pending"


def test_it_does_not_hold_the_target(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    assert rig.changes.open_for("fraud", "production") is None
    assert [one.number for one in rig.changes.all_open()] == [number]


def test_a_policy_that_lowers_its_own_bar_in_the_same_pull_request_does_not_help(rig: HandRig) -> None:
    lower = POLICY.replace("approvals: {required: 1}", "approvals: {required: 0}").replace('{check: "ci/*"}', "")
    number = rig.opened({".slackops.yaml": lower.encode(), FRAUD: uri("fraud", 42)}, ci=False)
    look(rig, number)
    assert rig.states(number) == {GATES: "pending", APPROVALS: "pending"}


@pytest.mark.parametrize("moves", [False, True])
def test_a_policy_that_would_be_invalid(rig: HandRig, moves: bool) -> None:
    files: dict[str, bytes | None] = {".slackops.yaml": b"version: 7\n", **({FRAUD: uri("fraud", 42)} if moves else {})}
    number = rig.opened(files)
    look(rig, number)
    assert rig.states(number)[GATES] == "failure"
    assert "The policy would be invalid" in rig.words(number)
