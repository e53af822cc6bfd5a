"""Rows carried out at a terminal: under leases, in order, given back when it cannot be done now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bot.cli.carrying import Carrier
from bot.domain.commands import Reconcile, Rollback
from bot.domain.people import Person
from bot.errors import ChatUnavailable, Fatal, ForgeUnavailable, Reason, Refused
from bot.ports import Row
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox

ANA, BEN = Person(team="T1", user="UANA"), Person(team="T1", user="UBEN")
BACK = Rollback(by=ANA, model="churn", environment="production")
LATER = Rollback(by=BEN, model="churn", environment="staging")
LEASE = 30.0


@dataclass
class Hands:
    """Does what ``does`` says of each row."""

    does: Callable[[Row], None] = lambda _: None
    rows: list[Row] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    def __call__(self, row: Row) -> None:
        self.rows.append(row)
        self.does(row)

    def gave_up(self, row: Row, error: str) -> None:
        self.dead.append(f"{row.key}: {error}")


@dataclass
class Desk:
    """A carrier over an inbox in memory."""

    clock: FakeClock = field(default_factory=FakeClock)
    asked: Hands = field(default_factory=Hands)
    usual: Hands = field(default_factory=Hands)

    def __post_init__(self) -> None:
        self.inbox = FakeInbox(self.clock)
        self.carrier = Carrier(self.inbox, self.asked, self.usual, "cli", LEASE)

    def begun(self) -> Row:
        row = self.carrier.begin("cli:1", BACK, now())
        assert row is not None
        return row

    def states(self) -> dict[str, str]:
        return {record.key: record.state for record in self.inbox.records}


def now() -> float:
    return time.monotonic()


def fails(error: BaseException) -> Callable[[Row], None]:
    def do(_: Row) -> None:
        raise error

    return do


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk()
    yield opened
    opened.carrier.close()


def test_it_is_carried_out_by_who_asked(desk: Desk) -> None:
    row = desk.begun()
    assert desk.carrier.see_through(row, now()) is None
    assert [one.key for one in desk.asked.rows] == ["cli:1"]
    assert (desk.usual.rows, desk.states()) == ([], {"cli:1": "done"})


def test_while_another_is_carried_out_nothing_is_written(desk: Desk) -> None:
    desk.inbox.put("slack:1", LATER)
    assert desk.inbox.claim("bot", LEASE)
    assert desk.carrier.begin("cli:1", BACK, now()) is None
    assert desk.states() == {"slack:1": "running"}


def test_what_a_dead_bot_left_and_what_is_due_comes_first_as_a_worker_does_it(desk: Desk) -> None:
    desk.inbox.put("slack:1", LATER)
    desk.inbox.put("slack:2", LATER)
    assert desk.inbox.claim("bot", LEASE)
    desk.clock.tick(LEASE)
    desk.usual.does = lambda row: fails(ChatUnavailable("down"))(row) if row.key == "slack:1" else None
    row = desk.carrier.begin("cli:1", BACK, now() + 60)
    assert row is not None
    assert [one.key for one in desk.usual.rows][:1] == ["slack:1"]
    assert desk.states()["cli:1"] == "running"
    assert desk.asked.rows == []  # who is at the terminal hears nothing of it


def test_what_fails_in_passing_is_tried_again_here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    desk.asked.does = lambda row: fails(ForgeUnavailable("502"))(row) if row.attempt < 3 else None
    row = desk.begun()
    assert desk.carrier.see_through(row, now() + 60) is None
    assert [one.attempt for one in desk.asked.rows] == [1, 2, 3]
    assert desk.states() == {"cli:1": "done"}


def test_what_does_not_pass_in_time_is_left_to_the_bot(desk: Desk) -> None:
    desk.asked.does = fails(ForgeUnavailable("GitHub answered 502", retry_after=60))
    row = desk.begun()
    left = desk.carrier.see_through(row, now() + 1)
    assert isinstance(left, ForgeUnavailable)
    assert desk.states() == {"cli:1": "waiting"}
    desk.clock.tick(600)
    taken = desk.inbox.claim("bot", LEASE)
    assert taken is not None
    assert (taken.id, taken.attempt) == (row.id, 2)


@pytest.mark.parametrize("error", [Fatal("no such repository"), Refused(Reason.INTERNAL, "no")], ids=["fatal", "no"])
def test_what_will_never_work_is_told_and_buried(desk: Desk, error: Exception) -> None:
    desk.asked.does = fails(error)
    assert desk.carrier.see_through(desk.begun(), now() + 60) is None
    assert desk.asked.dead == [f"cli:1: {error}"]
    assert desk.states() == {"cli:1": "dead"}


def test_whoever_interrupts_leaves_the_row_to_others_at_once(desk: Desk) -> None:
    desk.asked.does = fails(KeyboardInterrupt())
    row = desk.begun()
    with pytest.raises(KeyboardInterrupt):
        desk.carrier.see_through(row, now() + 60)
    taken = desk.inbox.claim("bot", LEASE)
    assert taken is not None
    assert taken.id == row.id


def test_a_look_takes_what_is_due_or_begins_its_own(desk: Desk) -> None:
    desk.inbox.put("cli:1:reconcile", Reconcile(number=7))
    assert desk.carrier.look("cli:1:look:1", 7) is None
    assert desk.carrier.look("cli:1:look:2", 7) is None
    assert [one.key for one in desk.usual.rows] == ["cli:1:reconcile", "cli:1:look:2"]
    assert set(desk.states().values()) == {"done"}


def test_a_look_stays_out_of_anothers_way(desk: Desk) -> None:
    desk.inbox.put("webhook", Reconcile(number=7))
    assert desk.inbox.claim("bot", LEASE)
    assert desk.carrier.look("cli:1:look:1", 7) is None
    assert (desk.usual.rows, desk.states()) == ([], {"webhook": "running"})


def test_what_a_look_could_not_say_is_left_once_and_holds_nobody_up(desk: Desk) -> None:
    desk.usual.does = fails(ChatUnavailable("Slack is down"))
    for count in range(3):
        assert isinstance(desk.carrier.look(f"cli:1:look:{count}", 7), ChatUnavailable)
    assert [key for key, state in desk.states().items() if state == "waiting"] == ["cli:1:look:0:again"]
    desk.inbox.put("webhook", Reconcile(number=7))
    taken = desk.inbox.claim("bot", LEASE)
    assert taken is not None
    assert taken.key == "webhook"
