"""A canary ladder: to its end, paused, aborted, rolled back from, and asked for where it cannot be."""

from __future__ import annotations

from tests.scenarios.ladder_world import begun, ended, in_steps, served
from tests.scenarios.world import ANA, BEN, MANIFEST, OSCAR, World, everything


async def test_to_the_end_by_itself(world: World) -> None:
    await in_steps(world)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4 10 %, production")
    assert "In steps of 10, 50, 100 %" in everything(card)
    await world.forge(lambda: "step 1 of 3" in world.pulls()[0]["body"], "the ladder in the pull request")
    await world.click(card, "change.approve", BEN)
    await ended(world, 3)
    await world.settled()
    assert served(world) == ("4", "100")
    assert [line for line in world.log() if "fraud-detector" in line][:3] == [
        "Step fraud-detector 4 to 100 % in production (#3)",
        "Step fraud-detector 4 to 50 % in production (#2)",
        "Promote fraud-detector 3 → 4 at 10 % in production (#1)",
    ]
    assert len(world.pulls()) == 3
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(back, "change.approve", BEN)
    await world.merged(4)
    assert served(world) == ("3", "100")


async def test_where_it_stands_is_told(world: World) -> None:
    await in_steps(world, "1h")
    card = await begun(world)
    await world.shows(card, "4 gets 10 %, 3 gets 90 %")
    await world.settled()
    assert served(world) == ("4", "10")
    await world.refused("/promote fraud-detector 4 production", "ladder_running", "on its way already")
    await world.refused("/promote fraud-detector 2 production", "ladder_running", "4 gets 10 %", "#1")
    await world.say("/models fraud-detector")
    await world.whisper("production 3 (4 gets 10 %, 3 gets 90 %)")


async def test_paused_and_let_go_on(world: World) -> None:
    await in_steps(world, "1h")
    card = await begun(world)
    await world.shows(card, "ladder.pause")
    await world.click(card, "ladder.pause", ANA)
    await world.thread(card, "paused the ladder")
    await world.shows(card, "ladder.resume")
    await world.click(card, "ladder.resume", OSCAR)
    await world.whisper("You are not in the role `promote`", OSCAR)
    await world.click(card, "ladder.next", ANA)
    await ended(world, 2)
    step = await world.card("Merged: step fraud-detector 3→4 50 %")
    await world.shows(step, "ladder.resume")
    assert served(world) == ("4", "50")
    await world.click(step, "ladder.resume", BEN)
    await world.shows(step, "ladder.pause")
    await world.settled()
    assert len(world.pulls()) == 2


async def test_aborted(world: World) -> None:
    await in_steps(world, "1h")
    card = await begun(world)
    await world.shows(card, "ladder.abort")
    await world.click(card, "ladder.abort", ANA)
    await ended(world, 3)
    assert [line for line in world.log() if "fraud-detector" in line][:2] == [
        "Roll back fraud-detector 4 → 3 in production (#3)",
        "Step fraud-detector 4 to 0 % in production (#2)",
    ]
    assert served(world) == ("3", "100")
    await world.settled()
    assert len(world.pulls()) == 3
    await world.say("/models fraud-detector")
    await world.whisper("production 3")


async def test_rolled_back_in_between(world: World) -> None:
    await in_steps(world, "1h")
    await begun(world)
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(back, "change.approve", BEN)
    await world.merged(2)
    assert served(world) == ("3", "100")
    await world.settled()
    assert len(world.pulls()) == 2
    await world.say("/promote fraud-detector 4 production")
    await world.card("Review: fraud-detector 3→4 10 %, production")


async def test_restarted_between_steps(world: World) -> None:
    await in_steps(world, "3s")
    await begun(world)
    await world.stop_bot()
    await world.start_bot()
    await ended(world, 2)
    await world.stop_bot()
    await world.start_bot()
    await ended(world, 3)
    await world.settled()
    assert served(world) == ("4", "100")
    assert len(world.pulls()) == 3


async def test_refused_where_kserve_cannot(world: World) -> None:
    await in_steps(world)
    raw = world.file(MANIFEST).replace(
        "  annotations:\n", "  annotations:\n    serving.kserve.io/deploymentMode: Standard\n"
    )
    await world.push(MANIFEST, raw)
    await world.refused("/promote fraud-detector 4 production", "steps_unsupported", "Serverless", "mode: none")
    await world.refused("/promote churn 17 production", "steps_unsupported", "role: percent")
    assert world.pulls() == []
