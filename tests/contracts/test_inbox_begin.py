"""The contract of the inbox for whoever carries a command out at once: begin, and claim within one order."""

from __future__ import annotations

import threading

import pytest

from bot.domain.commands import Nudge, Reconcile
from bot.domain.commands_order import order_key
from bot.ports.inbox import Inbox, Row
from tests.contracts.inboxes import LEASE, claim, clock, inbox, promote, puts
from tests.fakes.clock import FakeClock

__all__ = ["clock", "inbox", "puts"]


def begin(inbox: Inbox, key: str = "cli:1", version: str = "4") -> Row | None:
    return inbox.begin(key, promote(version=version), "cli", LEASE)


def begun(inbox: Inbox, key: str = "cli:1", version: str = "4") -> Row:
    row = begin(inbox, key, version)
    assert row is not None
    return row


def test_what_is_begun_runs_at_once_under_its_lease(inbox: Inbox, clock: FakeClock, puts: list[int]) -> None:
    row = begun(inbox)
    assert (row.key, row.command, row.attempt, row.created_at) == ("cli:1", promote(), 1, clock.now())
    assert len(row.id) == 26
    assert inbox.claim("w1", LEASE) is None
    assert puts == []  # there is nothing for a worker to wake up for
    assert inbox.heartbeat(row, LEASE)
    assert inbox.done(row)
    assert inbox.claim("w1", LEASE) is None


def test_a_key_is_begun_once(inbox: Inbox) -> None:
    inbox.done(begun(inbox))
    assert begin(inbox) is None
    assert inbox.put("cli:1", promote()) is None
    inbox.put("k", promote())
    inbox.done(claim(inbox))
    assert begin(inbox, "k") is None


def test_one_order_is_begun_once_at_a_time(inbox: Inbox) -> None:
    first = begun(inbox)
    assert begin(inbox, "cli:2", "5") is None
    assert inbox.begin("cli:3", promote("ltv"), "cli", LEASE) is not None
    assert inbox.done(first)
    assert begun(inbox, "cli:2", "5").command == promote(version="5")


def test_rows_without_an_order_are_begun_side_by_side(inbox: Inbox) -> None:
    assert inbox.begin("a", Nudge(source="x"), "cli", LEASE) is not None
    assert inbox.begin("b", Nudge(source="x"), "cli", LEASE) is not None


def test_nothing_that_is_due_is_overtaken(inbox: Inbox) -> None:
    inbox.put("k", promote(version="5"))
    assert begin(inbox) is None
    row = claim(inbox)
    assert begin(inbox) is None
    inbox.done(row)
    assert begin(inbox) is not None


@pytest.mark.parametrize("how", ["put for later", "tried again later"])
def test_what_waits_for_its_time_stands_in_nobodys_way(inbox: Inbox, clock: FakeClock, how: str) -> None:
    inbox.put("k", promote(version="5"), delay=60 if how == "put for later" else 0)
    if how == "tried again later":
        inbox.retry(claim(inbox), 60, "the forge is down")
    row = begun(inbox)
    clock.tick(60)
    assert inbox.heartbeat(row, LEASE) is True
    assert inbox.claim("w1", LEASE) is None  # the order is held
    inbox.done(row)
    assert claim(inbox).key == "k"


def test_what_waits_for_a_row_that_is_tried_again_later_may_be_overtaken_too(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("k1", promote(version="5"))
    inbox.retry(claim(inbox), 60, "Slack is down")
    inbox.put("k2", promote(version="6"))
    assert inbox.claim("w1", LEASE) is None
    inbox.done(begun(inbox))
    clock.tick(60)
    assert begin(inbox, "cli:2") is None
    assert claim(inbox).key == "k1"


def test_a_worker_takes_over_what_was_begun_and_left(inbox: Inbox, clock: FakeClock) -> None:
    left = begun(inbox)
    clock.tick(LEASE)
    assert begin(inbox, "cli:2") is None  # it holds its order until somebody ends it
    taken = claim(inbox)
    assert (taken.id, taken.key, taken.command, taken.attempt) == (left.id, left.key, left.command, 2)
    assert not inbox.done(left)
    assert inbox.done(taken)


def test_what_was_begun_can_be_given_back(inbox: Inbox, clock: FakeClock) -> None:
    row = begun(inbox)
    assert inbox.retry(row, 5, "the forge is down")
    assert inbox.claim("w1", LEASE) is None
    clock.tick(5)
    assert claim(inbox).id == row.id


def test_only_rows_of_an_order_are_claimed(inbox: Inbox, clock: FakeClock) -> None:
    inbox.put("older", promote("ltv"))
    inbox.put("look", Reconcile(number=7))
    inbox.put("look again", Reconcile(number=7))
    order = order_key(Reconcile(number=7))
    row = inbox.claim("cli", LEASE, order)
    assert row is not None
    assert row.key == "look"
    assert inbox.claim("cli", LEASE, order) is None
    clock.tick(LEASE)
    left = inbox.claim("cli", LEASE, order)
    assert left is not None
    assert (left.id, left.attempt) == (row.id, 2)
    assert inbox.claim("cli", LEASE, "pull:8") is None
    assert claim(inbox).key == "older"


def test_of_many_who_begin_at_once_one_does(inbox: Inbox) -> None:
    found: list[Row | None] = []
    gate = threading.Barrier(6)

    def one(number: int) -> None:
        gate.wait()
        found.append(begin(inbox, f"cli:{number}"))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([row for row in found if row]) == 1
    assert len(found) == 6
