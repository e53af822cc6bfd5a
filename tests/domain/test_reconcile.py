"""Snapshot in, actions out, as a table; and that nothing is left to do once everything is done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import Stage
from bot.domain.change import ChangeState, MergeRefusal, Remark, Scalar
from bot.domain.commit_statuses import APPROVALS, GATES
from bot.domain.facts import Status, Verdict
from bot.domain.gates import GateResult, GateState
from bot.domain.reconcile import reconcile
from bot.domain.reconcile_actions import (
    ClosePull,
    DropBranch,
    EditPull,
    Merge,
    Rebuild,
    Say,
    SetStatus,
    Settle,
    ShowCard,
)
from bot.domain.snapshot import Content, stage
from tests.domain.facts import ANA, BEN, CHANGE, CHLOE, EDIT, INTENT, PULL, review, seen, tallied, turned

FAIL = GateResult("auc", GateState.FAIL, "0.8", "at least 0.9")
WAIT = GateResult("ci/*", GateState.UNKNOWN, "ci/a is running", "success")
APPROVED = tallied(review(BEN))
OBJECTED = tallied(review(BEN), review(CHLOE, Verdict.CHANGES_REQUESTED))
MOVED = replace(INTENT, frm="9", edits=(replace(EDIT, old=Scalar("str", "s3://m/9")),))
REFUSAL = MergeRefusal("2 reviews required", "s0", 1_900.0)


def does(snapshot, statuses=None, said=frozenset()):
    return reconcile(snapshot, statuses or {}, said)


def kinds(actions):
    return [type(a) for a in actions]


@pytest.mark.parametrize(
    ("snapshot", "at"),
    [
        (seen(), Stage.REVIEW),
        (seen(gates=(FAIL,)), Stage.BLOCKED),
        (seen(gates=(WAIT,)), Stage.REVIEW),
        (seen(tally=APPROVED), Stage.MERGING),
        (seen(tally=APPROVED, gates=(WAIT,)), Stage.APPROVED),
        (seen(tally=APPROVED, auto_merge=False), Stage.APPROVED),
        (seen(tally=OBJECTED), Stage.BLOCKED),
        (seen(content=Content.FOREIGN), Stage.BLOCKED),
        (seen(content=Content.UNKNOWN), Stage.BLOCKED),
        (seen(today=None, problem="gone"), Stage.BLOCKED),
        (seen(today=replace(INTENT, edits=())), Stage.OBSOLETE),
        (seen(turned(held_by=BEN), tally=APPROVED), Stage.HELD),
        (seen(turned(superseded_by="x", state=ChangeState.SUPERSEDED)), Stage.SUPERSEDED),
        (seen(turned(state=ChangeState.CLOSED)), Stage.CLOSED),
        (seen(pull=replace(PULL, state="closed")), Stage.CLOSED),
        (seen(pull=replace(PULL, state="closed", merged=True)), Stage.MERGED),
        (seen(turned(state=ChangeState.SUPERSEDED), replace(PULL, state="closed", merged=True)), Stage.MERGED),
    ],
)
def test_stage(snapshot, at):
    assert stage(snapshot) is at


@pytest.mark.parametrize(
    ("snapshot", "gates", "approvals"),
    [
        (seen(), "success", "pending"),
        (seen(tally=APPROVED), "success", "success"),
        (seen(gates=(WAIT,)), "pending", "pending"),
        (seen(gates=(FAIL,), tally=APPROVED), "failure", "success"),
        (seen(gates=(replace(FAIL, blocks=False),)), "success", "pending"),
        (seen(content=Content.FOREIGN, tally=APPROVED), "failure", "pending"),
        (seen(today=None, tally=APPROVED), "failure", "pending"),
        (seen(tally=OBJECTED), "success", "failure"),
        (seen(turned(held_by=BEN), tally=APPROVED), "success", "pending"),
    ],
)
def test_statuses(snapshot, gates, approvals):
    states = {a.status.context: a.status.state for a in does(snapshot) if isinstance(a, SetStatus)}
    assert states == {GATES: gates, APPROVALS: approvals}


@pytest.mark.parametrize(
    ("snapshot", "merges"),
    [
        (seen(tally=APPROVED), True),
        (seen(), False),
        (seen(tally=APPROVED, gates=(WAIT,)), False),
        (seen(tally=APPROVED, gates=(FAIL,)), False),
        (seen(tally=APPROVED, auto_merge=False), False),
        (seen(tally=OBJECTED), False),
        (seen(tally=APPROVED, content=Content.FOREIGN), False),
        (seen(tally=APPROVED, today=None), False),
        (seen(turned(held_by=BEN), tally=APPROVED), False),
        (seen(tally=APPROVED, pull=replace(PULL, mergeable=None)), False),
        (seen(turned(merge_refusal=REFUSAL), tally=APPROVED), False),
        (seen(turned(merge_refusal=REFUSAL), tally=APPROVED, situation="s1"), True),
        (seen(turned(merge_refusal=REFUSAL), tally=APPROVED, now=2_600.0), True),
    ],
)
def test_merges_only_when_everything_is_in_place(snapshot, merges):
    found = [a for a in does(snapshot) if isinstance(a, Merge)]
    assert bool(found) is merges
    assert all(a.head == PULL.head for a in found)


def test_statuses_come_before_the_merge_because_it_may_require_them():
    order = kinds(does(seen(tally=APPROVED)))
    assert order.index(SetStatus) < order.index(ShowCard) < order.index(Merge)
    assert order[-1] is Merge


@pytest.mark.parametrize(
    "snapshot", [seen(today=MOVED), seen(pull=replace(PULL, mergeable=False)), seen(today=MOVED, tally=APPROVED)]
)
def test_moved_base_is_rendered_again_and_nothing_else_happens(snapshot):
    assert kinds(does(snapshot)) == [Rebuild]


def test_a_branch_that_holds_the_whole_base_is_not_rebuilt_for_a_conflict():
    assert Rebuild not in kinds(does(seen(pull=replace(PULL, mergeable=False), behind=False)))


def test_a_pull_request_to_another_branch_goes_nowhere():
    snapshot = seen(content=Content.ELSEWHERE, tally=APPROVED, pull=replace(PULL, mergeable=False))
    assert stage(snapshot) is Stage.BLOCKED
    assert not {Rebuild, Merge} & set(kinds(does(snapshot)))


def test_title_and_body_are_written_where_they_say_something_else_and_only_there():
    (edit,) = [a for a in does(seen()) if isinstance(a, EditPull)]
    same = replace(PULL, title=edit.title, body=edit.body.replace("\n", "\r\n"))
    assert EditPull not in kinds(does(seen(pull=same)))
    assert EditPull in kinds(does(seen(pull=replace(same, title="WIP"))))


def test_a_foreign_branch_is_never_written_over():
    assert Rebuild not in kinds(does(seen(today=MOVED, content=Content.FOREIGN)))


@pytest.mark.parametrize(
    "change",
    [turned(superseded_by="x", state=ChangeState.SUPERSEDED), turned(state=ChangeState.CLOSED)],
)
def test_an_ended_change_closes_its_pull_request(change):
    assert kinds(does(seen(change))) == [ClosePull]


@pytest.mark.parametrize(
    ("successor", "now", "comment"),
    [
        (turned(id="y", number=None, state=ChangeState.PROPOSING, created_at=1_000.0), 1_059.0, None),
        (turned(id="y", number=None, state=ChangeState.PROPOSING, created_at=1_000.0), 1_061.0, "a newer change"),
        (turned(id="y", number=None, state=ChangeState.CLOSED, created_at=1_000.0), 1_059.0, "a newer change"),
        (turned(id="y", number=12, created_at=1_000.0), 1_059.0, "#12"),
    ],
)
def test_a_superseded_change_ends_when_the_pointer_to_the_new_one_is_known(successor, now, comment):
    old = turned(superseded_by="y", state=ChangeState.SUPERSEDED)
    expected = [ClosePull(f"Superseded by {comment}.")] if comment else []
    assert does(seen(old, successor=successor, now=now)) == expected


def test_the_end_is_recorded_and_the_branch_dropped():
    actions = does(seen(pull=replace(PULL, state="closed", merged=True, merge_commit="m0")))
    assert actions[:2] == [DropBranch(CHANGE.branch), Settle(ChangeState.MERGED, "m0")]
    assert [a.mark for a in actions if isinstance(a, Say)] == ["merged"]


def test_no_vote_is_lost_from_the_thread():
    snapshot = seen(turned(remarks=(Remark("hold:1", "put it on hold", ANA),)), tally=tallied(review(BEN, id=5)))
    marks = [a.mark for a in does(snapshot) if isinstance(a, Say)]
    assert marks == ["hold:1", "review:5:APPROVED"]


def test_review_is_asked_for_once_and_names_the_approvers():
    (news,) = [a for a in does(seen()) if isinstance(a, Say)]
    assert news.message.notify == ("slack:U0BEN",)
    assert not [a for a in does(seen(), said=frozenset({news.mark})) if isinstance(a, Say)]


SNAPSHOTS = st.builds(
    seen,
    change=st.sampled_from(
        [CHANGE, turned(held_by=BEN), turned(state=ChangeState.MERGED), turned(merge_refusal=REFUSAL)]
    ),
    pull=st.builds(
        lambda state, mergeable: replace(PULL, mergeable=mergeable, **state),
        st.sampled_from([{}, {"state": "closed"}, {"state": "closed", "merged": True}]),
        st.sampled_from([True, None]),
    ),
    content=st.sampled_from(Content),
    gates=st.sampled_from([(), (FAIL,), (WAIT,), (FAIL, WAIT)]),
    tally=st.sampled_from([tallied(), APPROVED, OBJECTED]),
    auto_merge=st.booleans(),
)


@given(SNAPSHOTS)
def test_a_settled_change_gives_nothing_to_do(snapshot):
    first = does(snapshot)
    statuses: dict[str, Status] = {a.status.context: a.status for a in first if isinstance(a, SetStatus)}
    said = frozenset(a.mark for a in first if isinstance(a, Say))
    edited = next(({"title": a.title, "body": a.body} for a in first if isinstance(a, EditPull)), {})
    settled = next((a for a in first if isinstance(a, Settle)), None)
    change = replace(snapshot.change, state=settled.state) if settled else snapshot.change
    pull = replace(snapshot.pull, **edited)
    second = does(replace(snapshot, change=change, pull=pull, branch_exists=False), statuses, said)
    assert [a for a in second if not isinstance(a, ShowCard | Merge | ClosePull)] == []


@given(SNAPSHOTS)
def test_nothing_merges_that_is_held_blocked_or_short_of_approvals(snapshot):
    if any(isinstance(a, Merge) for a in does(snapshot)):
        assert snapshot.tally.complete
        assert not snapshot.stuck
        assert snapshot.content is Content.OURS
        assert snapshot.held is None
        assert snapshot.pull.state == "open"
