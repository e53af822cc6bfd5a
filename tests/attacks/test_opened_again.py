"""What was approved, closed, and is opened again and merged in one breath, before anybody looks."""

from __future__ import annotations

import pytest

from tests.attacks.deeds import asked, looked_at, status, world_with
from tests.usecases.hand_rig import BEN, FRAUD, HandRig, uri
from tests.usecases.test_by_hand import approve, look


def test_a_closed_pull_request_keeps_no_green_status() -> None:
    rig = HandRig()
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number, BEN)
    assert set(rig.states(number).values()) == {"success"}
    rig.forge.close_pull(number, "")
    look(rig, number)
    assert set(rig.states(number).values()) == {"pending"}
    writes = list(rig.forge.writes)
    look(rig, number)
    assert rig.forge.writes == writes
    rig.forge._save(number, state="open")
    look(rig, number)
    assert set(rig.states(number).values()) == {"success"}


@pytest.mark.parametrize("superseded", [False, True])
def test_a_change_that_ended_keeps_none(superseded: bool) -> None:
    world = world_with(required=0, auto=False)
    change = asked(world)
    number = change.number or 0
    assert status(world, number) == "success"
    if superseded:
        asked(world, version="2")
    else:
        world.forge.close_pull(number, "")
    looked_at(world, number)
    assert status(world, number) == "pending"
