"""What people do on the forge, and what webhooks miss: the change follows, and the target is never left taken."""

from __future__ import annotations

from bot.domain.commands import Sweep
from tests.scenarios.world import BEN, MANIFEST, REPO, World, everything

PROMOTE = "/promote fraud-detector 4 production"
REVIEW = "Review: fraud-detector 3→4, production"


def sweep(world: World, key: str) -> None:
    """The clock's tick, now."""
    assert world.bot
    world.bot.store.inbox.put(f"schedule:sweep:{key}", Sweep())


async def test_closed_on_the_forge_then_reopened(world: World):
    await world.say(PROMOTE)
    card = await world.card(REVIEW)
    pull = await world.github.close("ben", REPO, 1)
    closed = await world.card("Closed: fraud-detector 3→4, production")
    assert "Closed on the forge" in everything(closed)
    await world.settled()
    branch, head = pull["head"]["ref"], pull["head"]["sha"]
    assert world.branches() == ["main"]
    world.git("update-ref", f"refs/heads/{branch}", head)  # "Restore branch", as GitHub offers it
    await world.github.reopen("ben", REPO, 1)
    await world.closed(1)
    await world.settled()
    assert world.branches() == ["main"]
    await world.say(PROMOTE)
    fresh = await world.card(REVIEW)
    assert fresh["ts"] != card["ts"]
    await world.click(fresh, "change.approve", BEN)
    await world.merged(2)


async def test_missed_webhooks_are_healed_by_the_sweep(world: World):
    world.github.webhooks.enabled = False
    await world.say(PROMOTE)
    card = await world.card(REVIEW)
    await world.settled()
    await world.github.review("ben", REPO, 1, "APPROVE")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    sweep(world, "one")
    await world.merged(1)
    await world.thread(card, "approved")
    await world.say("/promote ltv 4 production")
    other = await world.card("Review: ltv 3→4, production")
    await world.settled()
    sweep(world, "two")
    await world.settled()
    await world.github.close("kim", REPO, 2)
    await world.settled()
    assert world.slack.message("C0PROD", other["ts"])["text"].startswith("Review")
    sweep(world, "three")
    await world.card("Closed: ltv 3→4, production")
    await world.settled()
    assert world.branches() == ["main"]


async def test_merged_by_hand_is_merged(world: World):
    await world.say(PROMOTE)
    card = await world.card(REVIEW)
    await world.github.merge_by_hand("kim", REPO, 1)
    await world.card("Merged: fraud-detector 3→4, production")
    await world.thread(card, "Merged as")
    await world.refused(PROMOTE, "already_deployed")


async def test_the_version_arrives_by_another_way(world: World):
    await world.say(PROMOTE)
    await world.card(REVIEW)
    await world.push(MANIFEST, world.file(MANIFEST).replace("/3/model", "/4/model"))
    await world.closed(1)
    done = await world.card("Nothing left to do: fraud-detector 3→4, production")
    assert "production pins 4 already, by another way" in everything(done)
    await world.settled()
    assert world.branches() == ["main"]
    assert [c["body"] for c in world.github.comments(REPO, 1)] == ["production pins 4 already, by another way."]
    await world.refused(PROMOTE, "already_deployed")


async def test_the_branch_is_deleted(world: World):
    await world.say(PROMOTE)
    await world.card(REVIEW)
    await world.settled()
    await world.github.delete_branch("ben", REPO, world.pulls()[0]["head"]["ref"])
    await world.card("Closed: fraud-detector 3→4, production")
    await world.say(PROMOTE)
    await world.forge(lambda: len(world.pulls()) == 2, "a second pull request")
