"""Merge pressed, a change given up, many reminded of at once: each happens once, whatever is run twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Refusal, ThreadNews
from bot.domain.change import Change, ChangeState
from bot.domain.commands import MergeChange
from bot.domain.policy.model_windows import RemindRule
from bot.domain.reconcile_actions import Say
from bot.ports import PostRecord
from bot.usecases.expiring import MANY, expire, told_together
from tests.domain.facts import seen
from tests.usecases.stop_rig import ANA, BEN, NOW, Rig

HOUR = 3600.0


def pressed(rig: Rig, on: Change, **more: str) -> None:
    rig.ask(MergeChange, **({"change": on.id, "digest": on.intent.digest} | more))


def test_merge_is_written_down_once():
    rig = Rig()
    change = rig.open_change(7)
    pressed(rig, change)
    pressed(rig, change)
    kept = rig.changes.get(change.id)
    assert (kept.merge_asked, kept.merge_digest) == (ANA, change.intent.digest)
    assert [remark.text for remark in kept.remarks] == ["pressed Merge"]
    assert [row.entry.what for row in rig.audit.rows() if row.entry.what == "merge asked"] == ["merge asked"]
    assert rig.to_reconcile() == [7]


@pytest.mark.parametrize(
    ("turns", "more", "reason"),
    [
        ({}, {"digest": "0" * 64}, "change_moved"),
        ({}, {"change": "01NONE"}, "unknown_change"),
        ({"state": ChangeState.CLOSED}, {}, "already_decided"),
        ({"by_hand": True, "state": ChangeState.BY_HAND}, {}, "not_allowed"),
    ],
    ids=["moved", "unknown", "closed", "by hand"],
)
def test_merge_is_refused(turns, more, reason):
    rig = Rig()
    change = rig.open_change(7)
    rig.changes.update(change.id, lambda one: replace(one, **turns))
    pressed(rig, change, **more)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.reason == reason
    assert rig.changes.get(change.id).merge_asked is None


def test_a_change_is_given_up_once_and_only_as_it_was_seen():
    rig = Rig()
    change = rig.open_change(7)
    one = replace(seen(), change=change)
    rig.changes.update(change.id, lambda now: replace(now, hold_reason="wait"))
    expire(rig.ctx, one, "Expired.")
    assert rig.changes.get(change.id).state is ChangeState.OPEN
    one = replace(one, change=rig.changes.get(change.id))
    expire(rig.ctx, one, "Expired.")
    expire(rig.ctx, one, "Expired.")
    kept = rig.changes.get(change.id)
    assert (kept.state, kept.close_reason, kept.closed_by) == (ChangeState.CLOSED, "Expired.", None)
    assert [row.entry.what for row in rig.audit.rows()] == ["expired"]


SAY = Say("remind:1:1", ThreadNews("Still needs review", "1 more", ("slack:U0BEN",)), gather=True)


def waiting(count: int) -> tuple[Rig, list[Change]]:
    rig = Rig()
    changes = [rig.open_change(number, model=f"m{number}") for number in range(1, count + 1)]
    for change in changes:
        rig.posts.save(PostRecord(change.id, "card", "C0DEPLOYS", NOW, "1.0"))
    rig.clock.tick(5 * HOUR)
    return rig, changes


def look(rig: Rig, change: Change):
    return replace(seen(), change=change, now=rig.clock.now(), reminding=RemindRule(4 * HOUR, 0.0), last_act=NOW)


def test_a_few_are_reminded_of_in_their_threads():
    rig, changes = waiting(MANY)
    assert not told_together(rig.ctx, look(rig, changes[0]), SAY, "C0DEPLOYS")
    assert rig.told() == []


def test_many_are_one_line_and_each_counts_as_told():
    rig, changes = waiting(MANY + 7)
    for change in (*changes, *changes):
        assert told_together(rig.ctx, look(rig, change), SAY, "C0DEPLOYS")
    (news,) = rig.told()
    assert news.headline == "12 changes still need review"
    assert "m1 40→42, production (#1)" in news.text
    assert news.text.endswith("; and 2 more.")
    assert all(rig.posts.get(change.id, SAY.mark).ts for change in changes)


def test_many_are_counted_once(monkeypatch):
    rig, changes = waiting(MANY + 7)
    counted: list[int] = []
    all_open = rig.changes.all_open
    monkeypatch.setattr(rig.changes, "all_open", lambda: counted.append(1) or all_open())
    for change in changes:
        told_together(rig.ctx, look(rig, change), SAY, "C0DEPLOYS")
    assert len(counted) == 1


def test_those_of_another_channel_and_those_on_hold_do_not_count():
    rig, changes = waiting(MANY + 2)
    rig.posts.save(PostRecord(changes[0].id, "card", "C0PROD", NOW, "1.0"))
    rig.changes.update(changes[1].id, lambda one: replace(one, held_by=BEN))
    assert not told_together(rig.ctx, look(rig, changes[2]), SAY, "C0DEPLOYS")
