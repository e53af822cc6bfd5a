"""Going back works while the policy on the default branch is broken; going forward does not."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.world import ANA, MANIFEST, POLICY, World, everything, open_world


async def test_only_back(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry) as world:
        good = world.file(POLICY)
        await world.push(POLICY, good.replace("version: 1\n", "version: 1\nbogus: true\n", 1))
        await world.refused("/promote fraud-detector 4 production", "policy_invalid")
        await back(world)
        await world.push("README.md", "The base moved.\n")
        card = await world.card("Review: roll back fraud-detector 3→2, production")
        assert "Today's policy cannot be read" in everything(card)
        await world.click(card, "change.approve", ANA)
        await world.merged(1)
        assert "fraud-detector/2/model" in world.file(MANIFEST)


async def back(world: World) -> None:
    """Ana, who has the role by the last policy that could be read; Oscar has not."""
    await world.refused("/rollback fraud-detector production", "not_allowed", user="U0OSCAR")
    await world.say("/rollback fraud-detector production")
