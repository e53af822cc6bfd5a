"""SIGKILL at every effect after a merge: it degrades, is taken back with two taps, and is healthy again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import save_links
from bot.settings import load_settings
from tests.scenarios import world as scenery
from tests.scenarios.test_kill import Killer
from tests.scenarios.test_watching import BROKEN, watched
from tests.scenarios.world import ANA, BEN, MANIFEST, PROD, World, open_world
from tests.support.process import BotProcess

pytestmark = [pytest.mark.kill, pytest.mark.timeout(500)]


async def insist(world: World, card: dict[str, Any], action: str, user: str) -> None:
    """The bot may be down: people click again."""
    while (await world.click(card, action, user)).error:
        await asyncio.sleep(0.2)


async def story(world: World, killer: Killer) -> None:
    """Promote what is broken; take it back as soon as it shows."""
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await insist(world, card, "change.approve", BEN)
    await world.merged(1)
    world.sandbox.hooks.items.append(killer)  # what a kill does to a promotion is another test
    await world.shows(card, "DEGRADED: fraud-detector 3→4, production")
    await world.thread(card, "DEGRADED: fraud-detector")
    await insist(world, card, "change.rollback", ANA)
    asked = await world.whisper("Confirm: fraud-detector 4→3, production")
    await insist(world, asked, "rollback.confirm", ANA)
    back = await world.card("Live: roll back fraud-detector 4→3, production")
    await world.thread(back, "Healthy ")
    await world.shows(card, "Replaced: fraud-detector 3→4, production")


async def test_killed_at_every_effect_after_the_merge(
    tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenery, "PATIENCE", 300)  # many restarts lie between two things to see
    env = {"SLACKOPS_LEASE_SECONDS": "1", "SLACKOPS_POLL_SECONDS": "2", "LOG_LEVEL": "ERROR"}
    async with open_world(tmp_path / "world", registry, bot=False, signals=True, **env) as world:
        await watched(world, "notify")
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        save_links(load_settings(world.env), world.sandbox.links())
        bot = BotProcess(world.env)
        killer = Killer(bot, None)
        await bot.start()
        try:
            await story(world, killer)
        finally:
            await killer.settle()
            await bot.stop()
        print(f"killed {len(killer.killed)} effects: {killer.killed}")
        assert len(killer.killed) >= 16
        assert [(p["number"], p["merged"]) for p in world.pulls()] == [(1, True), (2, True)]
        assert "fraud-detector/3/model" in world.file(MANIFEST)
        cards = [
            m for m in world.slack.messages(PROD) if not m.get("ephemeral") and m.get("thread_ts") in (None, m["ts"])
        ]
        assert len([c for c in cards if "Confirm" not in c["text"]]) == 2
        for card in cards:
            said = [r["text"] for r in world.slack.messages(PROD, thread_ts=card["ts"])[1:]]
            assert len(said) == len(set(said)), said
