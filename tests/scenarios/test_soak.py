"""A version waits in front of production until it stood well in staging for as long as the policy says."""

from __future__ import annotations

from tests.scenarios.world import BEN, World, everything


async def soaking(world: World, soak: str) -> None:
    await world.change_policy(
        "    rollout: {engine: none}\n",
        f"    after: {{environment: staging, soak: {soak}}}\n    rollout: {{engine: none}}\n",
    )


async def test_it_passes_by_itself_when_the_time_is_over(world: World) -> None:
    await soaking(world, "5s")
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Blocked: fraud-detector 3→4, production")
    assert "4 never stood there" in everything(card)
    assert world.statuses(1)["slackops/gates"] == "failure"
    await world.say("/promote fraud-detector 4 staging", channel="C0DEPLOYS")
    await world.card("Merged: fraud-detector 3→4, staging", channel="C0DEPLOYS")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    assert world.statuses(1)["slackops/gates"] == "success"


async def test_it_says_until_when_and_waits(world: World) -> None:
    await soaking(world, "24h")
    await world.say("/promote fraud-detector 4 staging", channel="C0DEPLOYS")
    await world.card("Merged: fraud-detector 3→4, staging", channel="C0DEPLOYS")
    await world.settled()
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.shows(card, "soak staging")
    await world.click(card, "change.approve", BEN)
    waiting = await world.card("Approved: fraud-detector 3→4, production")
    assert "since its merge" in everything(waiting)
    assert "no engine reported" in everything(waiting)
    await world.settled()
    assert world.pulls()[1]["state"] == "open"
    assert world.statuses(2)["slackops/gates"] == "pending"


async def test_a_rollback_does_not_wait(world: World) -> None:
    await soaking(world, "24h")
    await world.say("/rollback fraud-detector production")
    card = await world.card("Review: roll back fraud-detector 3→2, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
