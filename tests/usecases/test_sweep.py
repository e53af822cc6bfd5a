"""The clock's sweep: what moved is looked at, what is settled only now and then."""

from __future__ import annotations

import pytest

from bot.domain.commands import Reconcile, Sweep
from bot.domain.facts import Status
from bot.usecases.sweep import FULL_EVERY, Sweeper
from tests.usecases.stop_rig import Rig

PULLS = 3


@pytest.fixture
def rig() -> Rig:
    rig = Rig()
    for number in range(PULLS):
        rig.checkout.change(f"slackops/{number}", {f"{number}.txt": b"x"})
        rig.checkout.fetch()
        rig.ctx.forge.open_pull(f"slackops/{number}", "Promote", "", [])
    return rig


def asked(rig: Rig, sweeper: Sweeper, turn: int) -> list[int]:
    """The pull requests that a sweep asks for."""
    sweeper.sweep(rig.ctx, rig.row(Sweep(), f"s{turn}"))
    return rig.to_reconcile()


def test_everything_at_first_and_then_what_moved(rig: Rig) -> None:
    sweeper = Sweeper()
    assert asked(rig, sweeper, 0) == [1, 2, 3]
    assert asked(rig, sweeper, 1) == []
    rig.ctx.forge.set_status(rig.ctx.forge.pull(2).head, Status("ci", "failure", "no"))
    assert asked(rig, sweeper, 2) == [2]


def test_what_looks_settled_has_its_turn_one_by_one(rig: Rig) -> None:
    sweeper = Sweeper()
    turns = [asked(rig, sweeper, turn) for turn in range(2 * FULL_EVERY + PULLS)]
    assert turns[:FULL_EVERY] == [[1, 2, 3], *[[]] * (FULL_EVERY - 1)]
    assert turns[FULL_EVERY : FULL_EVERY + PULLS] == [[1], [2], [3]]
    assert turns[FULL_EVERY + PULLS : 2 * FULL_EVERY] == [[]] * (FULL_EVERY - PULLS)


def test_where_the_forge_tells_less_all_are_looked_at_now_and_then(rig: Rig) -> None:
    rig.ctx.forge.glances = False  # type: ignore[attr-defined]
    sweeper = Sweeper()
    turns = [asked(rig, sweeper, turn) for turn in range(FULL_EVERY + 1)]
    assert [turn for turn, found in enumerate(turns) if len(found) == PULLS] == [0, FULL_EVERY]


def test_a_change_whose_pull_request_is_gone_is_looked_at(rig: Rig) -> None:
    change = rig.open_change(9)
    sweeper = Sweeper()
    assert asked(rig, sweeper, 0) == [1, 2, 3, change.number]
    assert asked(rig, sweeper, 1) == [change.number]


def test_the_same_sweep_again_asks_for_nothing_twice(rig: Rig) -> None:
    row = rig.row(Sweep(), "once")
    for _ in range(2):
        Sweeper().sweep(rig.ctx, row)
    rows = [rig.inbox.claim("w", 60) for _ in range(PULLS + 3)]
    found = [row.command for row in rows if row is not None and isinstance(row.command, Reconcile)]
    assert [one.number for one in found] == [1, 2, 3]


def test_a_glance_that_fails_now_and_then_is_no_storm(rig: Rig) -> None:
    sweeper = Sweeper()
    assert asked(rig, sweeper, 0) == [1, 2, 3]
    found = []
    for turn in range(1, 8):
        rig.ctx.forge.glances = turn % 2 == 0  # type: ignore[attr-defined]
        found.append(asked(rig, sweeper, turn))
    assert found == [[]] * 7


def test_what_moved_while_it_failed_shows_when_it_is_back(rig: Rig) -> None:
    sweeper = Sweeper()
    asked(rig, sweeper, 0)
    rig.ctx.forge.glances = False  # type: ignore[attr-defined]
    rig.ctx.forge.set_status(rig.ctx.forge.pull(2).head, Status("ci", "failure", "no"))
    assert asked(rig, sweeper, 1) == []
    rig.ctx.forge.glances = True  # type: ignore[attr-defined]
    assert asked(rig, sweeper, 2) == [2]
