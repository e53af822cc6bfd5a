"""The registry, the forge and Slack are down, slow, or lose their answers: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.commands import Sweep
from bot.errors import RegistryUnavailable
from bot.sandbox.hooks import Call, Phase, Refuse
from bot.sandbox.serving import free_port
from bot.usecases.sweep import FULL_EVERY
from tests.scenarios.traffic import effect, hurry
from tests.scenarios.world import ANA, BEN, MANIFEST, PROD, REPO, World, everything, open_world

SUBJECT = "Promote fraud-detector 3 → 4 in production"


class LostAnswers:
    """Every effect happens, and its first answer gets lost on the way."""

    def __init__(self) -> None:
        self.lost: list[str] = []

    async def __call__(self, phase: Phase, call: Call) -> None:
        what = effect(call)
        if phase == "after" and what and what != "slack response_url" and what not in self.lost:
            self.lost.append(what)
            raise Refuse(503, {"message": "Service unavailable"})


@pytest.mark.timeout(400)
async def test_every_answer_gets_lost_once(whole_world: World, monkeypatch: pytest.MonkeyPatch):
    world = whole_world
    monkeypatch.setattr("tests.scenarios.world.PATIENCE", 300.0)  # one pause after another, for every lost answer
    hurry(world)
    answers = LostAnswers()
    world.sandbox.hooks.items.append(answers)
    await world.say("/promote fraud-detector 4 production --reason recall")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.thread(card, "Needs review")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    await world.card("Merged: fraud-detector 3→4, production")
    await world.thread(card, "Merged as")
    await world.settled()
    assert len(answers.lost) >= 12
    assert [(p["number"], p["merged"]) for p in world.pulls()] == [(1, True)]
    assert [(r["user"], r["state"]) for r in world.github.reviews(REPO, 1)] == [("ben", "APPROVED")]
    assert [line for line in world.log() if line.startswith(SUBJECT)] == [f"{SUBJECT} (#1)"]
    assert world.branches() == ["main"]
    messages = world.slack.messages(PROD)
    assert [m["ts"] for m in messages] == [card["ts"]]
    replies = [m["text"] for m in world.slack.messages(PROD, thread_ts=card["ts"])[1:]]
    assert len(replies) == len(set(replies)) == 5  # the comparison and its chart among them
    assert world.bot
    assert world.bot.store.inbox.dead() == []


async def test_the_forge_is_down_for_a_while(world: World):
    hurry(world)
    down = True

    async def outage(phase: Phase, call: Call) -> None:
        if down and phase == "before" and call.service in ("github", "git"):
            raise Refuse(503, {"message": "Service unavailable"})

    world.sandbox.hooks.items.append(outage)
    await world.say("/promote fraud-detector 4 production")
    waiting = await world.whisper("waiting")
    assert "tried again by itself" in everything(waiting)
    await world.say("/models")
    await world.whisper("Models: waiting")
    down = False
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.whisper("churn")
    down = True
    await world.click(card, "change.approve", BEN)
    await world.whisper("waiting", BEN)
    down = False
    await world.merged(1)
    await world.settled()
    assert len(world.github.reviews(REPO, 1)) == 1
    assert len([m for m in world.slack.messages(PROD, viewer=ANA) if "waiting" in m["text"]]) == 2


async def test_a_slow_forge_holds_up_nobody_else(world: World):
    release = asyncio.Event()

    async def slow(phase: Phase, call: Call) -> None:
        if phase == "before" and call.name == f"POST /repos/{REPO}/pulls":
            await release.wait()

    world.sandbox.hooks.items.append(slow)
    await world.say("/promote fraud-detector 4 production")
    await world.say("/models fraud-detector")
    await world.whisper("roc_auc")
    await world.refused("/promote ltv 77 production", "unknown_version", user=BEN)
    assert world.pulls() == []
    release.set()
    await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    assert len(world.pulls()) == 1


@pytest.fixture
def nowhere() -> str:
    """A registry at a port that nobody listens on."""
    return f"http://127.0.0.1:{free_port()}"


async def test_the_registry_is_down(tmp_path: Path, registry: Path, nowhere: str):
    async with open_world(tmp_path / "world", registry, bot=False) as world:
        await world.start_bot(MLFLOW_TRACKING_URI=nowhere, SLACKOPS_REGISTRY_TIMEOUT="2")
        hurry(world)
        before = world.file(MANIFEST)
        await world.say("/promote fraud-detector 4 production")
        await world.whisper("fraud-detector 4, production: waiting")
        await world.whisper("registry_unavailable")
        assert world.pulls() == []
        await world.say("/models fraud-detector")
        await world.whisper("The registry does not answer")
        await world.say("/rollback fraud-detector production")
        card = await world.card("Review: roll back fraud-detector 3→2, production")
        assert "registry did not answer" in everything(card)
        await world.click(card, "change.approve", ANA)
        await world.merged(1)
        assert world.file(MANIFEST) == before.replace("/3/", "/2/")
        await world.stop_bot()
        await world.start_bot()
        await world.say("/promote fraud-detector 4 production")
        await world.card("Review: fraud-detector 2→4, production")


async def test_a_merge_waits_for_the_registry_and_goes_on_by_itself(world: World, monkeypatch: pytest.MonkeyPatch):
    assert world.bot
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.settled()

    def silent(model: str, version: str) -> None:
        raise RegistryUnavailable(f"version {version} of {model}: no answer")

    with monkeypatch.context() as outage:
        outage.setattr(world.bot.context.registry, "version", silent)
        await world.click(card, "change.approve", BEN)
        await world.shows(card, "registry did not answer")
        await world.settled()
        assert world.pulls()[0]["state"] == "open"
    for tick in range(FULL_EVERY):  # a registry tells nobody that it is back: every tenth sweep looks at everything
        world.bot.store.inbox.put(f"schedule:sweep:test{tick}", Sweep())
    await world.merged(1)
