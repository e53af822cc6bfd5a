"""The contract of the inbox: keys, order, delays, leases, fencing, dead letters."""

from __future__ import annotations

import pytest

from bot.domain.commands import Command, ListModels, Nudge, Reconcile, Rollback, Sweep
from bot.domain.commands_order import order_key
from bot.ports.inbox import Inbox
from tests.contracts.inboxes import ANA, LEASE, claim, clock, inbox, promote, puts
from tests.fakes.clock import FakeClock

__all__ = ["clock", "inbox", "puts"]


def test_what_was_put_is_claimed_as_it_was(inbox: Inbox, clock: FakeClock, puts: list[int]) -> None:
    command = promote()
    put = inbox.put("slack:trigger:1", command)
    row = claim(inbox)
    assert (row.id, row.key, row.command, row.attempt, row.created_at) == (
        put,
        "slack:trigger:1",
        command,
        1,
        clock.now(),
    )
    assert put is not None
    assert len(put) == 26
    assert puts == [1]


@pytest.mark.parametrize(
    "command",
    [
        promote(),
        Rollback(by=ANA, model="a", environment="b"),
        ListModels(by=ANA),
        Nudge(source="x", pulls=(1,)),
        Sweep(),
    ],
    ids=lambda c: c.kind,
)
def test_every_command_comes_back_equal(inbox: Inbox, command: Command) -> None:
    inbox.put("k", command)
    assert claim(inbox).command == command


def test_a_key_is_taken_once_even_after_completion(inbox: Inbox, puts: list[int]) -> None:
    assert inbox.put("k", promote()) is not None
    assert inbox.put("k", promote(version="5")) is None
    inbox.done(claim(inbox))
    assert inbox.put("k", promote()) is None
    assert inbox.claim("w1", LEASE) is None
    assert puts == [1]


def test_idle_gives_nothing(inbox: Inbox) -> None:
    assert inbox.claim("w1", LEASE) is None
    assert inbox.next_due() is None
    assert inbox.dead() == []


def test_oldest_first(inbox: Inbox) -> None:
    ids = [inbox.put(f"k{n}", promote(f"m{n}")) for n in range(5)]
    assert [claim(inbox).id for _ in range(5)] == ids


def test_one_order_runs_one_after_the_other(inbox: Inbox) -> None:
    first, second = inbox.put("k1", promote(version="1")), inbox.put("k2", promote(version="2"))
    other = inbox.put("k3", promote("ltv"))
    running = claim(inbox)
    assert running.id == first
    assert claim(inbox, "w2").id == other
    assert inbox.claim("w3", LEASE) is None
    inbox.done(running)
    assert claim(inbox).id == second


def test_rows_without_an_order_run_side_by_side(inbox: Inbox) -> None:
    inbox.put("k1", Nudge(source="github", pulls=(1,)))
    inbox.put("k2", Nudge(source="github", pulls=(1,)))
    assert {claim(inbox).key, claim(inbox).key} == {"k1", "k2"}


def test_a_row_that_is_tried_again_keeps_its_place(inbox: Inbox, clock: FakeClock) -> None:
    first = inbox.put("k1", promote(version="1"))
    inbox.put("k2", promote(version="2"))
    inbox.retry(claim(inbox), 10, "forge is down")
    assert inbox.claim("w1", LEASE) is None
    assert inbox.next_due() == clock.now()  # the second one is due, and waits for the first
    clock.tick(10)
    again = claim(inbox)
    assert (again.id, again.attempt) == (first, 2)


def test_a_dead_row_blocks_nobody(inbox: Inbox) -> None:
    inbox.put("k1", promote(version="1"))
    second = inbox.put("k2", promote(version="2"))
    assert inbox.bury(claim(inbox), "no such model")
    assert claim(inbox).id == second


def test_dead_letters_newest_first(inbox: Inbox, clock: FakeClock) -> None:
    for n in range(3):
        inbox.put(f"k{n}", promote(f"m{n}"))
        clock.tick(1)
        inbox.bury(claim(inbox), f"error {n}")
    assert [d.key for d in inbox.dead()] == ["k2", "k1", "k0"]
    letter = inbox.dead(limit=1)[0]
    assert (letter.kind, letter.attempts, letter.error, letter.at) == ("promote", 1, "error 2", clock.now())


def test_a_delay_holds_a_row_back_but_nobody_behind_it(inbox: Inbox, clock: FakeClock) -> None:
    later = inbox.put("poll", Reconcile(number=7), delay=60)
    now = inbox.put("webhook", Reconcile(number=7))
    row = claim(inbox)
    assert row.id == now
    inbox.done(row)
    assert inbox.claim("w1", LEASE) is None
    assert inbox.next_due() == clock.now() + 60
    clock.tick(60)
    assert claim(inbox).id == later


def test_a_delayed_row_waits_for_the_one_that_runs(inbox: Inbox, clock: FakeClock) -> None:
    later = inbox.put("poll", Reconcile(number=7), delay=5)
    inbox.put("webhook", Reconcile(number=7))
    running = claim(inbox)
    clock.tick(5)
    assert inbox.claim("w2", LEASE) is None
    inbox.done(running)
    assert claim(inbox, "w2").id == later


def test_the_lease_ends_and_another_takes_over(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("k", promote())
    lost = claim(inbox, "w1")
    clock.tick(LEASE - 0.1)
    assert inbox.claim("w2", LEASE) is None
    clock.tick(0.1)
    taken = claim(inbox, "w2")
    assert (taken.id, taken.attempt) == (lost.id, lost.attempt + 1)


def test_fenced_work_changes_nothing(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("k", promote())
    inbox.put("same", promote())
    lost = claim(inbox, "w1")
    clock.tick(LEASE)
    taken = claim(inbox, "w2")
    assert not inbox.heartbeat(lost, LEASE)
    assert not inbox.done(lost)
    assert not inbox.retry(lost, 0, "late")
    assert not inbox.bury(lost, "late")
    assert inbox.absorb(lost) == 0
    assert inbox.done(taken)
    assert not inbox.done(taken)
    assert claim(inbox).key == "same"


def test_what_its_owner_still_runs_is_left_to_it(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("k1", promote())
    row = claim(inbox)
    clock.tick(LEASE)
    assert inbox.claim("w1", LEASE, but=[row.id]) is None
    assert inbox.claim("w1", LEASE, order_key(row.command), but=[row.id]) is None
    assert inbox.retry(row, 0, "given back")
    again = inbox.claim("w1", LEASE, but=[row.id])
    assert again is not None
    assert again.attempt == 2


def test_a_heartbeat_keeps_the_lease(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("k", promote())
    row = claim(inbox)
    for _ in range(5):
        clock.tick(LEASE / 2)
        assert inbox.heartbeat(row, LEASE)
    assert inbox.claim("w2", LEASE) is None
    assert inbox.done(row)


def test_an_order_that_was_left_behind_is_taken_up_before_its_followers(inbox: Inbox, clock: FakeClock) -> None:
    delayed = inbox.put("poll", Reconcile(number=7), delay=5)
    running = inbox.put("webhook", Reconcile(number=7))
    claim(inbox, "w1")
    clock.tick(LEASE)
    taken = claim(inbox, "w2")
    assert taken.id == running
    inbox.done(taken)
    assert claim(inbox, "w2").id == delayed
