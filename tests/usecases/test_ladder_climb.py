"""A ladder goes on: a step that could not be opened, or was closed; a pause at a bad moment; a relapse."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ThreadEvent
from bot.domain.change import ChangeState
from bot.domain.commands import Ban, ClimbStep, Reconcile, SteerLadder, Unban, Watch
from bot.domain.gates import GateState
from bot.domain.signal import Phase
from bot.usecases.identity import askers_of
from tests.usecases.ladder_rig import (
    BEN,
    HALF_HOUR,
    gate,
    ladder_rig,
    look,
    opened,
    second,
    told,
)
from tests.usecases.stop_rig import ANA


def test_a_step_that_found_another_change_open_is_opened_after_it() -> None:
    rig, step = ladder_rig()
    rig.clock.time += HALF_HOUR
    rig.dispatcher(rig.row(Watch(change=step.id, number=7), "look"))
    other = rig.open_change(8, to="41")  # by somebody who was faster than the row that this asked for
    look(rig, step)
    assert opened(rig) == other
    rig.changes.update(other.id, lambda c: replace(c, state=ChangeState.CLOSED))
    rig.clock.time += 130.0
    look(rig, step)
    now = opened(rig)
    assert now is not None
    assert now.cause == step.id


def test_a_step_that_was_refused_is_asked_for_again_and_told_once() -> None:
    rig, step = ladder_rig()
    rig.ask(Ban, "ban", model="fraud", version="42", reason="leaks labels")
    rig.clock.time += HALF_HOUR
    for _ in range(3):
        look(rig, step)
        rig.clock.time += 130.0
    assert opened(rig) is None
    said = [one for one in rig.told() if isinstance(one, ThreadEvent) and "could not be opened" in one.text]
    assert len(said) == 1
    rig.ask(Unban, "unban", model="fraud", version="42", reason="it does not")
    look(rig, step)
    assert opened(rig) is not None


def test_a_step_that_a_person_closed_is_not_opened_by_a_late_row() -> None:
    rig, step = ladder_rig()
    now = second(rig, step)
    rig.changes.update(now.id, lambda c: replace(c, state=ChangeState.CLOSED))
    rig.dispatcher(rig.row(ClimbStep(change=step.id, model="fraud", percent=50), "late"))
    assert opened(rig) is None
    rig.ask(SteerLadder, "next", change=step.id, do="next")
    look(rig, step)
    assert opened(rig) is not None


def test_a_pause_holds_a_step_that_was_opened_at_the_same_moment() -> None:
    rig, step = ladder_rig()
    now = second(rig, step)
    assert gate(rig, now) is None
    rig.changes.update(step.id, lambda c: replace(c, rung=replace(c.rung, paused_by=BEN) if c.rung else None))
    paused = gate(rig, now)
    assert (paused.state, paused.waits, paused.holds_up) == (GateState.FAIL, True, True)


def test_a_pause_goes_on_with_a_step_that_is_merged_meanwhile() -> None:
    rig, step = ladder_rig()
    now = second(rig, step)
    rig.ask(SteerLadder, "pause", change=step.id, do="pause")
    held = rig.changes.get(now.id)
    assert held is not None
    assert held.rung is not None
    assert (held.held_by, held.rung.paused_by) == (ANA, ANA)
    rig.ask(SteerLadder, "resume", change=step.id, do="resume")
    free = rig.changes.get(now.id)
    assert free is not None
    assert free.rung is not None
    assert (free.held_by, free.rung.paused_by) == (None, None)


def test_a_step_waits_while_the_one_before_is_not_well() -> None:
    rig, step = ladder_rig()
    now = second(rig, step)
    told(rig, step, Phase.DEGRADED)
    bad = gate(rig, now)
    assert (bad.state, bad.observed) == (GateState.UNKNOWN, "#7 is degraded")
    rig.clock.time += 60.0
    told(rig, step, Phase.HEALTHY)
    assert gate(rig, now) is None


def test_it_goes_on_after_a_relapse_that_ended_when_watching_was_over() -> None:
    rig, step = ladder_rig()
    rig.clock.time += HALF_HOUR - 300.0
    told(rig, step, Phase.DEGRADED)
    look(rig, step)
    rig.clock.time += 1_200.0
    told(rig, step, Phase.HEALTHY)
    look(rig, step)
    assert opened(rig) is None
    rig.clock.time += HALF_HOUR + 1.0
    while row := rig.inbox.claim("w", 60):
        rig.dispatcher(row)
        rig.inbox.done(row)
    assert opened(rig) is not None


def test_whoever_began_the_ladder_asked_for_its_steps_too() -> None:
    rig, step = ladder_rig()
    assert second(rig, step).requesters == ()
    asked = askers_of(rig.ctx, second(rig, step))
    assert (asked.people, "ana" in asked.logins) == ((ANA,), True)


def test_a_step_that_is_closed_at_the_forge_has_the_one_before_looked_at() -> None:
    rig, step = ladder_rig()
    now = second(rig, step)
    rig.ctx.forge.close_pull(now.number or 0, "not now")
    rig.dispatcher(rig.row(Reconcile(number=now.number or 0), "closed"))
    assert [one.order for one in rig.inbox.records if one.key == f"ended:{now.id}:{step.id}"] == ["pull:7"]
