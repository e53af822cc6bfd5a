"""Reviews that people give on the forge itself count like those given on the card, and by the same rules."""

from __future__ import annotations

from tests.scenarios.traffic import hurry
from tests.scenarios.world import ANA, BEN, REPO, World, everything


async def test_an_approval_on_the_forge_counts(world: World):
    hurry(world)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.github.review("ana", REPO, 1, "APPROVE", "my own")
    await world.thread(card, "does not count: asked for this change")
    await world.github.review("kim", REPO, 1, "APPROVE")
    await world.thread(card, "does not count: is not on the list of approvers")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    await world.shows(card, "0 of 1 approvals")
    await world.github.review("ben", REPO, 1, "REQUEST_CHANGES", "not yet")
    await world.card("Blocked: fraud-detector 3→4, production")
    await world.github.review("ben", REPO, 1, "APPROVE", "now")
    await world.merged(1)
    merged = await world.card("Merged: fraud-detector 3→4, production")
    assert f"<@{BEN}> approved" in everything(merged)
    assert f"<@{ANA}>" in everything(merged)


async def test_a_comment_is_no_verdict_and_takes_none_back(world: World):
    await world.change_policy("required: 1", "required: 2")
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.github.review("ben", REPO, 1, "APPROVE")
    await world.thread(card, "approved")
    await world.github.review("ben", REPO, 1, "COMMENT", "nice")
    await world.github.review("chloe", REPO, 1, "APPROVE")
    await world.merged(1)
