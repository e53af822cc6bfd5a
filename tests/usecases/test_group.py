"""The forge's merge queue: queued instead of merged, judged again on the group's commit, taken out when it must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Stage
from bot.domain.change import ChangeState
from bot.domain.commands import Freeze, HoldChange, JudgeGroup, Origin, Promote, Reconcile, Sweep, Unfreeze
from bot.domain.facts import Check, CheckState
from bot.domain.groups import REF
from tests.usecases.hand_rig import ANA, APPROVALS, BEN, FRAUD, GATES, LTV, POLICY, HandRig, uri
from tests.usecases.test_by_hand import approve, look

BOTH = {GATES: "success", APPROVALS: "success"}
ORIGIN = Origin(channel="C0DEPLOYS")


@pytest.fixture
def rig() -> HandRig:
    rig = HandRig(policy=POLICY.replace('gates: [{check: "ci/*"}]', "gates: []"))
    rig.forge.entries = []
    return rig


def queued(rig: HandRig, model: str = "fraud", version: str = "42") -> int:
    """A change of SlackOps' own that is approved, so that it is put into the queue."""
    rig.run(Promote(by=ANA, origin=ORIGIN, model=model, version=version, environment="production"))
    rig.drain()
    number = max(one.number or 0 for one in rig.changes.all_open())
    approve(rig, number, by=BEN)
    return number


def judged(rig: HandRig, sha: str, ref: str = f"{REF}main/pr-1") -> dict[str, str]:
    rig.run(JudgeGroup(sha=sha, ref=ref))
    return {name: one.state for name, one in rig.forge.statuses(sha).items()}


def test_it_is_queued_instead_of_merged(rig: HandRig) -> None:
    number = queued(rig)
    assert [entry.number for entry in rig.forge.entries or ()] == [number]
    assert rig.forge.pull(number).state == "open"
    look(rig, number)
    [card] = rig.cards()
    assert (card.stage, card.note) == (Stage.MERGING, "In the forge's merge queue, which merges it.")
    writes = list(rig.forge.writes)
    look(rig, number)
    assert rig.forge.writes == writes


def test_the_group_is_judged_and_merged(rig: HandRig) -> None:
    number = queued(rig)
    group = rig.forge.build()
    assert judged(rig, group) == BOTH
    rig.checkout.remote["main"] = group
    rig.forge._save(number, state="closed", merged=True, merge_commit=group, head=rig.forge.pull(number).head)
    rig.forge.dequeue(number)
    look(rig, number)
    assert (rig.record(number).state, rig.record(number).merge_commit) == (ChangeState.MERGED, group)


def test_polling_alone_judges_it(rig: HandRig) -> None:
    queued(rig)
    group = rig.forge.build()
    rig.run(Sweep())
    rig.drain()
    assert {name: one.state for name, one in rig.forge.statuses(group).items()} == BOTH


def test_several_in_one_group_are_each_judged(rig: HandRig) -> None:
    queued(rig, "fraud", "42")
    second = queued(rig, "ltv", "9")
    group = rig.forge.build()
    assert judged(rig, group) == BOTH
    rig.run(HoldChange(by=ANA, origin=ORIGIN, change=rig.record(second).id, hold=True, reason="wait"))
    assert judged(rig, group)[APPROVALS] == "pending"
    assert f"#{second}: On hold" in rig.forge.statuses(group)[APPROVALS].description


def test_a_freeze_takes_it_out_and_its_end_puts_it_back(rig: HandRig) -> None:
    number = queued(rig)
    group = rig.forge.build()
    assert judged(rig, group) == BOTH
    rig.run(Freeze(by=ANA, origin=ORIGIN, environment="production", reason="audit"))
    assert judged(rig, group)[GATES] != "success"
    look(rig, number)
    assert rig.forge.entries == []
    assert rig.record(number).queued_at is None
    rig.run(Unfreeze(by=ANA, origin=ORIGIN, environment="production", reason="over"))
    look(rig, number)
    assert [entry.number for entry in rig.forge.entries or ()] == [number]


@pytest.mark.parametrize("what", ["held", "objection", "closed"])
def test_what_must_not_merge_any_more_leaves_the_queue(rig: HandRig, what: str) -> None:
    number = queued(rig)
    if what == "held":
        rig.run(HoldChange(by=BEN, origin=ORIGIN, change=rig.record(number).id, hold=True, reason="wait"))
    elif what == "objection":
        rig.forge.review_by_hand("kim", number, "REQUEST_CHANGES", "no")
    else:
        rig.forge.close_by_hand("kim", number)
        rig.forge.dequeue(number)
    look(rig, number)
    assert rig.forge.entries == []


def test_what_the_queue_gave_up_is_not_put_back_at_once(rig: HandRig) -> None:
    number = queued(rig)
    rig.forge.entries = []  # its checks failed there
    rig.clock.tick(30)
    look(rig, number)
    assert rig.forge.entries == []
    assert "took it out again" in rig.cards()[0].note
    rig.clock.tick(700)
    look(rig, number)
    assert [entry.number for entry in rig.forge.entries or ()] == [number]


def test_what_nobody_judged_is_refused_in_a_group(rig: HandRig) -> None:
    head = rig.checkout.change("sneak", {LTV: uri("ltv", 9)})
    number = rig.forge.open_by_hand("kim", "sneak", "Sneak")
    rig.forge.enqueue(number, head)
    group = rig.forge.build()
    assert judged(rig, group) == {GATES: "failure", APPROVALS: "failure"}


def test_a_group_that_holds_something_else_is_refused(rig: HandRig) -> None:
    queued(rig)
    group = rig.forge.build()
    base = rig.checkout.remote["main"]
    rig.checkout.remote["evil"] = group
    evil = rig.checkout.change("evil", {LTV: uri("ltv", 9)})
    rig.forge.entries = [replace(entry, group=evil, base=base) for entry in rig.forge.entries or ()]
    assert judged(rig, evil) == {GATES: "failure", APPROVALS: "failure"}


def test_a_commit_that_the_queue_does_not_show_waits_and_a_harmless_one_does_not(rig: HandRig) -> None:
    evil = rig.checkout.change("evil", {LTV: uri("ltv", 9)})
    fine = rig.checkout.change("fine", {"README.md": b"words"})
    assert judged(rig, evil) == {GATES: "pending", APPROVALS: "pending"}
    assert judged(rig, fine) == BOTH
    other = rig.checkout.change("other", {LTV: uri("ltv", 7)})
    assert judged(rig, other, ref="refs/heads/other") == {}


def test_a_group_that_is_shown_late_is_not_thrown_out(rig: HandRig) -> None:
    queued(rig)
    group = rig.forge.build()
    shown, rig.forge.entries = rig.forge.entries, []
    assert judged(rig, group) == {GATES: "pending", APPROVALS: "pending"}
    rig.forge.entries = shown
    assert judged(rig, group) == BOTH


def test_one_that_merges_while_the_next_is_judged_does_not_throw_it_out(
    rig: HandRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(rig, "fraud", "42")
    queued(rig, "ltv", "9")
    last = rig.forge.build()
    assert rig.forge.entries is not None
    first, second = rig.forge.entries
    fetch = rig.checkout.fetch

    def merged_first() -> str:
        rig.checkout.remote["main"], rig.forge.entries = first.group or "", [second]
        return fetch()

    monkeypatch.setattr(rig.checkout, "fetch", merged_first)
    assert judged(rig, last) == BOTH


def test_what_mends_a_broken_policy_gets_through_the_queue_and_nothing_else(rig: HandRig) -> None:
    rig.checkout.change("main", {".slackops.yaml": b"version: 7\n"})
    number = rig.opened({"README.md": b"words"}, branch="words", ci=False)
    rig.forge.enqueue(number, rig.forge.pull(number).head)
    assert judged(rig, rig.forge.build()) == {GATES: "error", APPROVALS: "error"}
    rig.forge.entries = []
    number = rig.opened({".slackops.yaml": POLICY.encode()}, branch="mend", ci=False)
    rig.forge.enqueue(number, rig.forge.pull(number).head)
    assert judged(rig, rig.forge.build()) == BOTH


def test_by_hand_in_a_group(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)}, ci=False)
    look(rig, number)
    rig.forge.enqueue(number, rig.forge.pull(number).head)
    group = rig.forge.build()
    assert judged(rig, group)[APPROVALS] == "pending"
    approve(rig, number)
    rig.forge.enqueue(number, rig.forge.pull(number).head)
    group = rig.forge.build()
    assert judged(rig, group) == BOTH
    rig.forge.set_check(group, Check("ci/test", CheckState.FAILURE))
    rig.run(Reconcile(number=number))
    assert rig.forge.pull(number).queued
