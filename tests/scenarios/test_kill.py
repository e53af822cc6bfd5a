"""SIGKILL at every effect of a promotion, before and after it; what there is in the end is what one clean run makes.

The effects are not listed here: every request that writes is one, told apart by what it writes. The bot is killed at
each the first time that it is seen, started again, and left to take up where it was.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import save_links
from bot.sandbox.hooks import Call, Phase, Refuse
from bot.settings import load_settings
from tests.cli.running import slackops
from tests.scenarios.world import BEN, PROD, REPO, World, open_world
from tests.support.process import BotProcess

pytestmark = [pytest.mark.kill, pytest.mark.timeout(400)]

NAMES = re.compile(r"[0-9a-f]{40}|[0-9A-Z]{26}|-[0-9a-z]{6}\b|\d+")
WRITES = ("POST ", "PUT ", "PATCH ", "DELETE ")


def effect(call: Call) -> str | None:
    """What this request writes, if anything: the same for a second try of the same effect."""
    args = call.args
    if call.service == "git":
        return f"git push {sorted(r['ref'] for r in args.get('refs', []))}" if call.name == "push" else None
    if call.service == "github":
        if not call.name.startswith(WRITES) or "access_tokens" in call.name:
            return None
        told = "/".join(str(args.get(key, "")) for key in ("context", "state", "event"))
        return f"github {call.name.split('?')[0]} {told}"
    if call.name == "chat.postMessage":
        return f"slack post {json.dumps(args.get('metadata'), sort_keys=True)}"
    if call.name == "chat.update":
        return f"slack update {str(args.get('text'))[:40]}"
    return f"slack {call.name}" if call.name in ("response_url", "files.completeUploadExternal") else None


class Killer:
    """A hook that kills the bot at every new effect, and has it started again: before each, after each, or, without a
    ``phase``, before one and after the next. ``kinds``: what differs by a number or an id only is one effect."""

    def __init__(self, bot: BotProcess, phase: Phase | None, *, kinds: bool = False) -> None:
        self._bot, self._phase, self._kinds = bot, phase, kinds
        self.killed: list[str] = []
        self._restarts: list[asyncio.Task[None]] = []
        self._turn, self._over = asyncio.Lock(), False

    async def __call__(self, phase: Phase, call: Call) -> None:
        what = effect(call)
        if what is None:
            return
        what = NAMES.sub("#", what) if self._kinds else what
        async with self._turn:
            wanted = self._phase or ("before" if len(self.killed) % 2 else "after")
            if phase != wanted or self._over or what in self.killed:
                return
            if self._bot.alive:  # else a request that one killed just now had sent already
                self.killed.append(what)
                await self._bot.kill()
                self._restarts.append(asyncio.create_task(self._bot.start()))
        if phase == "before":
            raise Refuse(503, {"message": "never arrived"})

    async def settle(self) -> None:
        """Kill no more, and wait for the last restart: nothing may be left running behind the test."""
        async with self._turn:
            self._over = True
        await asyncio.gather(*self._restarts, return_exceptions=True)


def summary(world: World) -> dict[str, Any]:
    """What there is: branches, pull requests, reviews, merges, cards and the threads' lines."""
    cards = [m for m in world.slack.messages(PROD) if not m.get("ephemeral") and m.get("thread_ts") in (None, m["ts"])]
    threads = [[r["text"] for r in world.slack.messages(PROD, thread_ts=c["ts"])[1:]] for c in cards]
    return {
        "pulls": [(p["number"], p["state"], p["merged"]) for p in world.pulls()],
        "reviews": [(r["user"], r["state"]) for r in world.github.reviews(REPO, 1)],
        "cards": [c["text"] for c in cards],
        "threads": threads,
        "pinned": "/4/" in world.file("models/fraud-detector/production/inferenceservice.yaml"),
        "merge commits": len([line for line in world.log() if line.startswith("Promote fraud-detector 3")]),
    }


async def story(world: World) -> dict[str, Any]:
    """Promote, approve, and wait until everything has been said."""
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.thread(card, "Needs review")
    while (await world.click(card, "change.approve", BEN)).error:  # the bot is down: people click again
        await asyncio.sleep(0.2)
    await world.merged(1)
    await world.card("Merged: fraud-detector 3→4, production")
    await world.thread(card, "Merged as")
    return summary(world)


@pytest.mark.parametrize("phase", ["before", "after"])
async def test_killed_at_every_effect(phase: Phase, tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.scenarios.world.PATIENCE", 300.0)  # many restarts lie between two things to see
    env = {"SLACKOPS_LEASE_SECONDS": "1", "SLACKOPS_POLL_SECONDS": "2", "LOG_LEVEL": "ERROR"}
    async with open_world(tmp_path / "world", registry, bot=False, **env) as world:
        save_links(load_settings(world.env), world.sandbox.links())
        bot = BotProcess(world.env)
        killer = Killer(bot, phase)
        await bot.start()
        world.sandbox.hooks.items.append(killer)
        try:
            found = await story(world)
        finally:
            await killer.settle()
            await bot.stop()
        await chain_is_whole(world, tmp_path)
    print(f"killed {phase} {len(killer.killed)} effects: {killer.killed}")
    assert len(killer.killed) >= 12
    assert found["pulls"] == [(1, "closed", True)]
    assert found["reviews"] == [("ben", "APPROVED")]
    assert found["pinned"] is True
    assert found["merge commits"] == 1
    assert len(found["cards"]) == 1
    (thread,) = found["threads"]
    said = [text for text in thread if text]
    assert len(said) == len(set(said)) == 4
    assert thread.count("") <= 1  # the chart: it is never there twice, and a kill may cost it


async def chain_is_whole(world: World, folder: Path) -> None:
    """The audit chain of the bot that was killed verifies, and holds what happened once each."""
    verified = await asyncio.to_thread(slackops, "audit", "verify", cwd=folder, env=world.env)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    rows = await asyncio.to_thread(slackops, "audit", "export", cwd=folder, env=world.env)
    whats = [json.loads(line)["what"] for line in rows.stdout.splitlines()]
    assert [whats.count(what) for what in ("proposed", "approved", "merged")] == [1, 1, 1], whats
