"""What happens to a step that is open while the world moves on: it degrades, is pushed over, is aborted, is closed."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.ladder_world import begun, in_steps, served
from tests.scenarios.test_decisions import answer
from tests.scenarios.test_ladder_health import with_engine
from tests.scenarios.world import ANA, BEN, CHLOE, MANIFEST, World, open_world

NEEDS_ONE = ("percents: [10, 50, 100], watch: 0s}", "percents: [10, 50, 100], watch: 0s, approvals: 1}")
NEXT = "Review: step fraud-detector 3→4 50 %, production"


async def waiting(world: World) -> dict[str, object]:
    """The first step is merged; the second is open, and waits for an approval."""
    await world.change_policy(*NEEDS_ONE)
    first = await begun(world)
    await world.card(NEXT)
    return first


async def test_what_degrades_does_not_get_more(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await with_engine(world, "0s")
        first = await waiting(world)
        world.sandbox.cluster.break_version("fraud-detector", "4", "readiness failed")
        await world.shows(first, "DEGRADED")
        step = await world.card(NEXT)
        await world.click(step, "change.approve", BEN)
        await world.shows(step, "Waiting for ladder: #1 is degraded")
        await world.settled()
        assert served(world) == ("4", "10")
        assert not world.pulls()[1]["merged"]


async def test_the_rule_takes_back_what_has_an_open_step(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await with_engine(world, "1h", "rollback")
        await world.change_policy("watch: 1h}\n", "watch: 1h, approvals: 1}\n")
        first = await begun(world)
        await world.shows(first, "ladder.next")
        await world.click(first, "ladder.next", ANA)
        await world.card(NEXT)
        world.sandbox.cluster.break_version("fraud-detector", "4", "readiness failed")
        await world.closed(2)
        await world.merged(3)
        assert served(world) == ("3", "100")


async def test_what_was_pushed_by_hand_is_not_written_over(world: World) -> None:
    await in_steps(world, "0s")
    await waiting(world)
    by_hand = world.file(MANIFEST).replace("/fraud-detector/4/", "/fraud-detector/2/")
    await world.push(MANIFEST, by_hand.replace("canaryTrafficPercent: 10", "canaryTrafficPercent: 100"))
    step = await world.card("Blocked: step fraud-detector")
    await world.click(step, "change.approve", BEN)
    await world.settled()
    assert served(world) == ("2", "100")


async def test_an_abort_that_was_closed_climbs_no_further(world: World) -> None:
    await in_steps(world, "3s")
    first = await begun(world)
    await world.shows(first, "ladder.abort")
    await world.change_policy("requester: true", "requester: false")
    await world.click(first, "ladder.abort", ANA)
    abort = await world.card("Review: abort fraud-detector 4→3, production")
    await world.choose(abort, "close", BEN)
    await answer(world, BEN, "form.close", "let us see")
    await world.closed(2)
    await world.shows(first, "ladder.next")
    await world.settled()
    assert len(world.pulls()) == 2
    assert served(world) == ("4", "10")


async def test_whoever_began_a_ladder_does_not_approve_its_steps(world: World) -> None:
    await in_steps(world, "0s")
    await waiting(world)
    step = await world.card(NEXT)
    await world.click(step, "change.approve", ANA)
    await world.settled()
    assert not world.pulls()[1]["merged"]
    await world.click(step, "change.approve", CHLOE)
    await world.merged(2)


async def test_steps_taken_out_of_the_policy_stop_what_is_open(world: World) -> None:
    await in_steps(world, "0s")
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4 10 %, production")
    text = world.file(".slackops.yaml")
    line = next(line for line in text.splitlines() if "steps: {mode" in line)
    await world.change_policy(line + "\n", "")
    await world.shows(card, "goes in steps no more")
    await world.click(card, "change.approve", BEN)
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    assert served(world)[0] == "3"
