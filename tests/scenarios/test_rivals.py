"""Several people want something of the same target at once: one change a target, and no approval carries over."""

from __future__ import annotations

import asyncio

from tests.scenarios.world import ANA, BEN, CHLOE, PROD, REPO, World, everything


async def test_the_same_version_makes_a_co_requester(world: World):
    command = "/promote fraud-detector 4 production"
    await asyncio.gather(world.say(command, ANA), world.say(command, BEN))
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.thread(card, "asks for this too")
    await world.settled()
    assert len(world.pulls()) == 1
    now = world.slack.message(PROD, card["ts"])
    assert f"<@{ANA}>" in everything(now)
    assert f"<@{BEN}>" in everything(now)
    body = world.pulls()[0]["body"]
    assert body.count("SlackOps-Requested-By: ") == 2
    await world.click(card, "change.approve", BEN)
    await world.whisper("own_change", BEN)
    await world.github.review("ben", REPO, 1, "APPROVE")
    await world.thread(card, "does not count: asked for this change")
    await world.click(card, "change.approve", CHLOE)
    merged = await world.merged(1)
    assert world.git("log", "-1", "--format=%B", merged["merge_commit_sha"]).count("SlackOps-Requested-By") == 2


async def test_another_version_supersedes(world: World):
    await world.change_policy("required: 1", "required: 2")
    await world.say("/promote fraud-detector 4 production")
    old = await world.card("Review: fraud-detector 3→4, production")
    await world.click(old, "change.approve", CHLOE)
    await world.thread(old, "approved")
    await world.say("/promote fraud-detector 2 production", BEN)
    new = await world.card("Blocked: fraud-detector 3→2, production")
    closed = await world.closed(1)
    await world.card("Superseded: fraud-detector 3→4, production")
    await world.settled()
    await world.shows(old, "Superseded by #2.")
    assert [c["body"] for c in world.github.comments(REPO, 1)] == ["Superseded by #2."]
    assert closed["head"]["ref"] not in world.branches()
    assert world.github.reviews(REPO, 2) == []
    await world.shows(new, "0 of 2 approvals")
    await world.say("/promote fraud-detector 4 production", ANA)
    third = await world.card("Review: fraud-detector 3→4, production")
    assert third["ts"] != old["ts"]
    assert "0 of 2 approvals" in everything(third)
    await world.closed(2)


async def test_two_versions_at_once_leave_one(world: World):
    await asyncio.gather(
        world.say("/promote ltv 4 production", ANA),
        world.say("/promote ltv 2 production", BEN),
        world.say("/promote ltv 1 production", CHLOE),
    )
    await world.forge(lambda: len(world.pulls()) == 3, "three pull requests")
    await world.settled()
    assert [p["state"] for p in world.pulls()] == ["closed", "closed", "open"]
    stages = [
        m["text"].split(":")[0] for m in world.slack.messages(PROD) if "ltv" in m["text"] and not m.get("subtype")
    ]
    assert sorted(stages)[-2:] == ["Superseded", "Superseded"]
    assert len(stages) == 3
