"""A ladder and the rollout engine: it climbs on health alone, and never on what is unwell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.ladder_world import RAW, begun, ended, served
from tests.scenarios.world import ANA, MANIFEST, World, open_world

ENGINE = """    rollout: {engine: argocd, watch: 1h, on_degraded: %s}
    steps: {mode: kserve-serverless, percents: [10, 50, 100], watch: %s}
"""


async def with_engine(world: World, watch: str, on_degraded: str = "notify") -> None:
    await world.push(MANIFEST, world.file(MANIFEST).replace(RAW, ""), message="Serverless")
    await world.change_policy("    rollout: {engine: none}\n", ENGINE % (on_degraded, watch))


async def test_healthy_step_by_step(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await with_engine(world, "0s")
        await begun(world)
        await ended(world, 3)
        await world.card("Live: step fraud-detector 3→4 100 %, production")
        await world.settled()
        assert served(world) == ("4", "100")
        assert len(world.pulls()) == 3


async def test_degraded_it_stays_and_goes_straight_back(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await with_engine(world, "0s")
        world.sandbox.cluster.break_version("fraud-detector", "4", "readiness failed")
        card = await begun(world)
        await world.shows(card, "DEGRADED: fraud-detector 3→4 10 %, production")
        await world.settled()
        assert served(world) == ("4", "10")
        assert len(world.pulls()) == 1
        await world.click(card, "change.rollback", ANA)
        asked = await world.whisper("Confirm: fraud-detector 4→3, production")
        await world.click(asked, "rollback.confirm", ANA)
        await ended(world, 2)
        assert served(world) == ("3", "100")
        await world.card("Live: roll back fraud-detector 4→3, production")


@pytest.mark.parametrize("on_degraded", ["rollback"])
async def test_the_rule_ends_the_ladder(tmp_path: Path, registry: Path, on_degraded: str) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await with_engine(world, "1h", on_degraded)
        world.sandbox.cluster.break_version("fraud-detector", "4", "readiness failed")
        await begun(world)
        await ended(world, 2)
        assert served(world) == ("3", "100")
        await world.settled()
        assert len(world.pulls()) == 2
