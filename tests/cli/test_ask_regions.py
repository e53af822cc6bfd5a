"""Going back in an environment with regions, with no bot beside the command: every region goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.asks import BACK, NO_SLACK, ask, no_bot, told
from tests.scenarios.test_chain import REGIONS, fan_out, manifest


@pytest.mark.parametrize("json", [True, False], ids=["for scripts", "for people"])
async def test_every_region_goes_back_without_a_bot(tmp_path: Path, registry: Path, json: bool) -> None:
    async with no_bot(tmp_path, registry) as world:
        await fan_out(world)
        for region in REGIONS:
            text = world.file(manifest(region))
            await world.push(manifest(region), text.replace("/fraud-detector/3/", "/fraud-detector/4/"))
        if json:
            done = await told(world, *BACK, **NO_SLACK)
            assert (done["exit"], done["decision"], done["number"], done["state"]) == (0, "propose", 1, "open")
            assert [f"#{number} Review." in done["message"] for number in (1, 2)] == [True, True]
        else:
            said = await ask(world, *BACK, **NO_SLACK)
            assert (said.returncode, said.stderr) == (0, "")
            assert [said.stdout.count(f"\n#{number} Review. 0 of 1") for number in (1, 2)] == [1, 1], said.stdout
        titles = sorted(pull["title"] for pull in world.pulls())
        assert titles == [f"Roll back fraud-detector 4 → 3 in production-{region}" for region in REGIONS]


async def test_regions_with_different_versions_are_a_refusal(tmp_path: Path, registry: Path) -> None:
    async with no_bot(tmp_path, registry) as world:
        await fan_out(world)
        text = world.file(manifest("eu"))
        await world.push(manifest("eu"), text.replace("/fraud-detector/3/", "/fraud-detector/4/"))
        no = await told(world, *BACK, **NO_SLACK)
        assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "bad_usage")
        assert world.pulls() == []
