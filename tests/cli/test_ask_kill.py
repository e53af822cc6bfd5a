"""SIGKILL in the middle of a rollback on the command line: the bot, or the next run, finishes it exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.state_files import BRANCH
from bot.sandbox.hooks import Call, Phase, Refuse
from bot.sandbox.seed.cast import REPO
from tests.cli.asks import BACK, NOTHING_BUT_GIT, Asking, KillAt, is_effect, no_bot
from tests.scenarios.world import MANIFEST, World

SHORT = {"SLACKOPS_LEASE_SECONDS": "1"}
MOMENTS: list[tuple[Phase, str]] = [("before", "push"), ("after", "push"), ("after", "/pulls"), ("after", "/statuses")]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with no_bot(tmp_path) as world:
        yield world


def branches(world: World) -> list[str]:
    """The branches, without the one that the bot keeps its own state on."""
    return [name for name in world.branches() if name != BRANCH]


def what_there_is(world: World) -> list[object]:
    """Pull requests, branches, reviews, and merges on main."""
    pulls = [(pull["number"], pull["merged"]) for pull in world.pulls()]
    reviews = [(review["user"], review["state"]) for review in world.github.reviews(REPO, 1)]
    merges = [line for line in world.log() if line.startswith("Roll back fraud-detector 3 → 2")]
    return [pulls, branches(world), reviews, len(merges)]


ONCE = [[(1, True)], ["main"], [("ana", "APPROVED")], 1]


@pytest.mark.parametrize(("phase", "words"), MOMENTS, ids=[" ".join(moment) for moment in MOMENTS])
async def test_the_bot_finishes_what_was_killed(house: World, phase: Phase, words: str) -> None:
    asking = Asking(house, *BACK, **NOTHING_BUT_GIT, **SHORT)
    hook = KillAt(asking, phase, words)
    house.sandbox.hooks.items.append(hook)
    await asking.start()
    async with asyncio.timeout(60):
        await hook.killed.wait()
    await house.start_bot(SLACKOPS_LEASE_SECONDS="1")
    card = await house.card("Review: roll back fraud-detector 3→2, production")
    await house.github.review("ana", REPO, 1, "APPROVE")
    await house.merged(1)
    await house.thread(card, "Merged as")
    await house.settled()
    assert what_there_is(house) == ONCE
    assert [m["ts"] for m in house.slack.messages("C0PROD")] == [card["ts"]]
    assert house.file(MANIFEST).count("/2/") == 1


class KillEverywhere:
    """A hook that kills whatever command runs at each effect the first time that it is seen: after one, before the
    next."""

    def __init__(self) -> None:
        self.asking: Asking | None = None
        self.killed: list[str] = []

    async def __call__(self, phase: Phase, call: Call) -> None:
        refs = [one["ref"] for one in call.args.get("refs", [])]
        what = f"{call.service} {call.name} {call.args.get('context', '')} {call.args.get('state', '')} {refs}"
        wanted = "before" if len(self.killed) % 2 else "after"
        if phase != wanted or not is_effect(call, "") or what in self.killed or self.asking is None:
            return
        self.killed.append(what)
        await self.asking.kill()
        if phase == "before":
            raise Refuse(503, {"message": "never arrived"})


@pytest.mark.kill
@pytest.mark.timeout(300)
async def test_killed_at_every_effect_and_run_again(house: World) -> None:
    """To the merge with no bot at all; what is left to tidy up after it is the bot's."""
    killer = KillEverywhere()
    house.sandbox.hooks.items.append(killer)
    while not merged(house):  # killed at each effect once, so this ends
        killer.asking = Asking(house, *BACK, **NOTHING_BUT_GIT, **SHORT)
        await killer.asking.start()
        ended = await killer.asking.end()
        assert ended in (0, -9), killer.asking.lines
        if ended == 0 and not house.github.reviews(REPO, 1):
            await house.github.review("ana", REPO, 1, "APPROVE")
    killer.asking = None
    await house.start_bot(SLACKOPS_LEASE_SECONDS="1")
    await house.forge(lambda: branches(house) == ["main"], "the branch to be gone")
    await house.settled()
    assert len(killer.killed) >= 6, killer.killed
    assert what_there_is(house) == ONCE


def merged(world: World) -> bool:
    """Whether the rollback is on main."""
    return any(pull["merged"] for pull in world.pulls())
