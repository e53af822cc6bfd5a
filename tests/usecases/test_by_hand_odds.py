"""Pull requests by hand at their edges: drafts, moved bases, what comes and goes, closing, and where nothing is
enforced."""

from __future__ import annotations

import pytest

from bot.domain.cards import Receipt, Refusal, Stage, ThreadEvent
from bot.domain.change import ChangeState
from bot.domain.commands import CloseChange, Origin
from bot.domain.people import Person
from bot.ports import LinkedAccount
from tests.usecases.hand_rig import ANA, APPROVALS, FRAUD, GATES, LTV, POLICY, HandRig, uri
from tests.usecases.test_by_hand import BOTH, approve, look

KIM = Person(team="T0SANDBOX", user="U0KIM")


@pytest.fixture
def rig() -> HandRig:
    return HandRig()


def test_a_draft_has_statuses_and_no_card(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    rig.forge._save(number, draft=True)
    look(rig, number)
    assert rig.states(number)[APPROVALS] == "pending"
    assert (rig.chat.sent, rig.changes.by_number(number)) == ([], None)
    rig.forge._save(number, draft=False)
    look(rig, number)
    assert len(rig.cards()) == 1


def test_where_main_moved_the_target_the_branch_must_be_brought_up_to_date(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number)
    rig.checkout.change("main", {FRAUD: uri("fraud", 39)})
    look(rig, number)
    assert rig.states(number)[GATES] == "failure"
    assert "bring this branch up to date" in rig.words(number)


def test_what_main_says_already_moves_nothing(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.checkout.change("main", {FRAUD: uri("fraud", 42)})
    look(rig, number)
    assert rig.states(number) == BOTH


def test_a_target_that_is_removed_needs_approval_but_no_version(rig: HandRig) -> None:
    number = rig.opened({LTV: None})
    look(rig, number)
    assert rig.states(number) == {GATES: "success", APPROVALS: "pending"}
    assert rig.cards()[0].to == "(removed)"


def test_a_new_target_is_a_change_too(rig: HandRig) -> None:
    number = rig.opened({"models/fresh/production.yaml": uri("fresh", 1)})
    look(rig, number)
    assert rig.cards()[0].model == "fresh"
    assert rig.states(number)[APPROVALS] == "pending"


def test_an_unreadable_value_blocks(rig: HandRig) -> None:
    number = rig.opened({FRAUD: b"uri: somewhere else\n"})
    look(rig, number)
    assert rig.states(number)[GATES] == "failure"
    assert "would not say one version" in rig.words(number)


def test_closed_and_opened_again(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.forge.close_by_hand("kim", number)
    look(rig, number)
    assert (rig.record(number).state, rig.cards()[0].stage) == (ChangeState.CLOSED, Stage.CLOSED)
    rig.forge._save(number, state="open", closed_by=None)
    look(rig, number)
    assert (rig.record(number).state, rig.cards()[0].stage) == (ChangeState.BY_HAND, Stage.REVIEW)


def test_the_bot_does_not_close_it(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)}, login="ana")
    look(rig, number)
    rig.run(CloseChange(by=ANA, origin=Origin(channel="C0"), change=rig.record(number).id))
    rig.drain()
    assert isinstance(rig.whispered(), Refusal)
    assert rig.forge.pull(number).state == "open"


def test_merged_past_the_rules_is_said_in_its_thread(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.merged(number)
    look(rig, number)
    said = [sent.message.text for sent in rig.chat.sent if isinstance(sent.message, ThreadEvent)]
    assert any("It was not complete: 0 of 1 approvals" in text for text in said)


def test_where_the_policy_only_watches_everything_is_green_and_said_once() -> None:
    rig = HandRig(policy=POLICY + "enforce: false\n")
    number = rig.opened({FRAUD: uri("fraud", 42)}, ci=False)
    look(rig, number)
    assert rig.states(number) == BOTH
    assert "would block: 0 of 1 approvals" in rig.words(number)
    [said] = rig.forge.said.values()
    assert "watching only" in said
    assert r"0 of 1 approvals" in said
    writes = list(rig.forge.writes)
    look(rig, number)
    assert rig.forge.writes == writes
    approve(rig, number)
    [said] = rig.forge.said.values()
    assert "0 of 1" not in said


def test_a_record_is_kept_with_a_row_of_the_chain(rig: HandRig) -> None:
    rig.ctx.links.save(LinkedAccount(KIM, "kim", "kim-token"))
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rows = [row.entry for row in rig.audit.of_change(rig.record(number).id)]
    assert (rows[0].what, rows[0].by) == ("opened by hand", str(KIM))
    assert not any(isinstance(one.message, Receipt) for one in rig.chat.sent)


def test_where_the_policy_only_watches_an_invalid_policy_is_green_too() -> None:
    rig = HandRig(policy=POLICY + "enforce: false\n")
    number = rig.opened({".slackops.yaml": b"version: 7\n"})
    look(rig, number)
    assert rig.states(number) == BOTH
    assert "would block: The policy would be invalid" in rig.words(number)
