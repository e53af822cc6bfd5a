"""Break-glass and its debt, with the process killed, or a service that fails, at every call of every port."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.domain.change import Change
from bot.domain.commands import Promote, Rollback, SettleGlass
from bot.usecases.dispatch import Dispatcher
from tests.usecases.trust_machine_back import settle
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, Rules
from tests.usecases.trust_machine_world import BEN, CHLOE, EVE, World

HOUR = 3600.0
Act = Callable[[World], None]
broken_off = pytest.mark.parametrize("how", ["kill after", "fail after"])


def broke(world: World) -> Change:
    """The one change that broke the glass."""
    (found,) = (one for one in world.changes.merged_for(MODEL, ENVIRONMENT) if one.glass)
    return found


def rows(world: World, what: str) -> int:
    return sum(row.entry.what == what for row in world.changes.audit.rows())


def break_glass(world: World) -> None:
    world.by(EVE, Rollback, model=MODEL, environment=ENVIRONMENT, reason="down", break_glass=True)
    world.work()


def run_out(world: World) -> None:
    world.clock.tick(25 * HOUR)
    world.work()


def review(world: World) -> None:
    world.by(BEN, SettleGlass, change=broke(world).id)
    world.work()


def promote_what_must_wait(world: World) -> None:
    """Nothing but the debt keeps it back."""
    world.push_policy(Rules(required=0, frm=()))
    world.by(CHLOE, Promote, model=MODEL, version="4", environment=ENVIRONMENT)
    settle(world)
    assert world.deployed() == "2"


def stories(how: str, act: Act, *before: Act, every: int = 1) -> Iterator[tuple[int, World]]:
    """One for each call that is made while ``act`` is carried out: there it breaks, and goes on."""
    for call in range(0, 1000, every):
        world = World()
        world.push_policy(Rules())
        for earlier in before:
            earlier(world)
        world.fault = (call, how)
        act(world)
        if world.fault is not None:
            assert call > 5, "hardly anything was done"
            return
        world.clock.tick(130.0)
        world.work()  # no sweep: it goes on by itself
        assert world.inbox.dead() == []
        yield call, world


@broken_off
def test_broken_glass_is_neither_lost_nor_doubled(how):
    for call, world in stories(how, break_glass, every=2):
        assert world.deployed() == "2", call
        change = broke(world)
        assert change.glass.due_at == change.merged_at + 24 * HOUR, call
        assert [rows(world, what) for what in ("broke the glass", "proposed", "merged")] == [1, 1, 1], call
        run_out(world)
        assert rows(world, "broken glass not reviewed in time") == 1, call


@broken_off
def test_that_nobody_reviewed_it_is_told_once(how):
    for call, world in stories(how, run_out, break_glass):
        said = [str(getattr(sent.message, "headline", "")) for sent in world.chat.sent]
        assert sum(one.startswith("Not reviewed in time") for one in said) == 1, call
        assert rows(world, "broken glass not reviewed in time") == 1, call


@broken_off
def test_nobody_waits_for_a_debt_that_is_paid(how):
    for call, world in stories(how, review, break_glass, run_out, promote_what_must_wait, every=2):
        assert broke(world).glass.settled_login == "ben", call
        assert rows(world, "reviewed broken glass") == 1, call
        assert world.deployed() == "4", call


def test_a_second_worker_does_not_look_too_early_at_what_waits():
    world = World()
    world.push_policy(Rules())
    for act in (break_glass, run_out, promote_what_must_wait):
        act(world)
    world.meanwhile = ("changes.update", 0, lambda: another_worker(world))
    review(world)
    assert world.deployed() == "4"


def another_worker(world: World) -> None:
    """Carries out all that is due and that nobody has begun."""
    while (row := world.inbox.claim("another", 60.0)) is not None:
        Dispatcher(world.plain)(row)
        world.inbox.done(row)
