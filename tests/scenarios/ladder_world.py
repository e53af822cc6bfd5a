"""A world whose fraud-detector goes to production in steps, with KServe in serverless mode."""

from __future__ import annotations

from bot.sandbox.seed.cast import REPO
from tests.scenarios.world import BEN, MANIFEST, World

RAW = "    serving.kserve.io/deploymentMode: RawDeployment\n"
STEPS = "steps: {mode: kserve-serverless, percents: [10, 50, 100], watch: %s}"


async def in_steps(world: World, watch: str = "0s", more: str = "") -> None:
    """Policy and manifest, and no engine: the watch time counts from the merge."""
    await world.push(MANIFEST, world.file(MANIFEST).replace(RAW, ""), message="Serverless")
    await world.change_policy(
        "    rollout: {engine: none}\n", f"    rollout: {{engine: none}}\n    {STEPS % watch}\n{more}"
    )


async def begun(world: World) -> dict[str, object]:
    """The first step of 3 to 4, merged."""
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4 10 %, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    return card


def served(world: World) -> tuple[str, str]:
    """Version and share as the manifest says them."""
    text = world.file(MANIFEST)
    version = text.partition("/fraud-detector/")[2].partition("/")[0]
    share = text.partition("canaryTrafficPercent: ")[2].partition("\n")[0]
    return version, share


async def ended(world: World, number: int) -> None:
    """Wait until there are so many pull requests and all are merged, or closed."""
    await world.forge(lambda: len(world.pulls()) >= number, f"{number} pull requests in {REPO}")
    await world.merged(number)
