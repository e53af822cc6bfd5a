"""SIGKILL at every effect of a ladder that climbs, and of one that is aborted: both end as they would have."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import save_links
from bot.settings import load_settings
from tests.scenarios.ladder_world import in_steps, served
from tests.scenarios.test_kill import Killer
from tests.scenarios.world import ANA, BEN, PROD, World, open_world
from tests.support.process import BotProcess

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]
ENV = {"SLACKOPS_LEASE_SECONDS": "1", "SLACKOPS_POLL_SECONDS": "2", "LOG_LEVEL": "ERROR"}


async def click(world: World, card: dict[str, Any], action: str, user: str) -> None:
    """People click again while the bot is down."""
    while (await world.click(card, action, user)).error:
        await asyncio.sleep(0.2)


async def begun(world: World, killer: Killer) -> dict[str, Any]:
    """The first step, merged in peace: what a kill does to a promotion is another test. Then the killing begins."""
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4 10 %, production")
    await click(world, card, "change.approve", BEN)
    await world.merged(1)
    world.sandbox.hooks.items.append(killer)
    return card


async def climbs(world: World, killer: Killer) -> None:
    await begun(world, killer)
    await world.forge(lambda: served(world) == ("4", "100"), "the end of the ladder")
    await world.card("Merged: step fraud-detector 3→4 100 %")


async def aborts(world: World, killer: Killer) -> None:
    card = await begun(world, killer)
    await world.shows(card, "ladder.abort")
    await click(world, card, "ladder.abort", ANA)
    await world.forge(lambda: served(world) == ("3", "100"), "the end of the abort")
    await world.card("Merged: roll back fraud-detector 4→3")


@pytest.mark.parametrize(
    ("story", "watch", "subjects"),
    [
        pytest.param(climbs, "0s", ["at 10 %", "to 50 %", "to 100 %"], id="climbs"),
        pytest.param(aborts, "1h", ["at 10 %", "to 0 %", "Roll back"], id="aborts"),
    ],
)
async def test_killed_at_every_effect(
    story: Any,
    watch: str,
    subjects: list[str],
    tmp_path: Path,
    registry: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.scenarios.world.PATIENCE", 300.0)  # a restart for each effect of three pull requests
    async with open_world(tmp_path / "world", registry, bot=False, **ENV) as world:
        await in_steps(world, watch)
        save_links(load_settings(world.env), world.sandbox.links())
        bot = BotProcess(world.env)
        killer = Killer(bot, None, kinds=True)
        await bot.start()
        try:
            await story(world, killer)
        finally:
            await killer.settle()
            await bot.stop()
        merged = [p["title"] for p in world.pulls() if p["merged"]]
        assert len(world.pulls()) == len(merged) == 3
        assert [word for word, title in zip(subjects, merged, strict=True) if word not in title] == []
        cards = [
            m for m in world.slack.messages(PROD) if not m.get("ephemeral") and m.get("thread_ts") in (None, m["ts"])
        ]
        assert len(cards) == 3
        for card in cards:
            thread = [reply["text"] for reply in world.slack.messages(PROD, thread_ts=card["ts"])[1:]]
            assert len(thread) == len(set(thread))
    assert len(killer.killed) >= 10
