"""What people do by hand: a pull request of their own goes the way of any change, a push past everybody is told."""

from __future__ import annotations

import json

from bot.sandbox.seed.cast import REPO
from tests.scenarios.world import ANA, BEN, CHLOE, MANIFEST, PROD, World, everything

BOTH = {"slackops/gates": "success", "slackops/approvals": "success"}
QUEUE = [
    {"type": "merge_queue", "parameters": {"merge_method": "SQUASH"}},
    {
        "type": "required_status_checks",
        "parameters": {"required_status_checks": [{"context": one} for one in BOTH]},
    },
]


def at_version(world: World, version: int) -> str:
    return world.file(MANIFEST).replace("/3/model", f"/{version}/model")


async def test_a_pull_request_by_hand_is_approved_in_slack_and_merged_by_people(world: World) -> None:
    await world.push(MANIFEST, at_version(world, 4), branch="mine")
    number = await world.github.open_pull("ben", REPO, "mine", "main", "By hand")
    card = await world.card("Review: by hand fraud-detector 3→4, production")
    assert "Opened by" in everything(card)
    assert '\\"do\\":\\"close\\"' not in json.dumps(card["blocks"])
    await world.click(card, "change.approve", BEN)
    await world.whisper("own_change", BEN)
    await world.click(card, "change.approve", CHLOE)
    await world.forge(lambda: world.statuses(number) == BOTH, "both are green")
    await world.card("Approved: by hand fraud-detector 3→4, production")
    await world.settled()
    assert world.github.pull(REPO, number)["state"] == "open"
    await world.github.merge_by_hand("ben", REPO, number, "squash")
    await world.card("Merged: by hand fraud-detector 3→4, production")
    await world.settled()
    assert not [m for m in world.slack.messages(PROD) if m["text"].startswith("Outside")]


async def test_a_push_past_everybody_is_told_and_taken_back(world: World) -> None:
    await world.settled()
    await world.push(MANIFEST, at_version(world, 5))
    told = await world.card("Outside SlackOps: fraud-detector 3→5, production")
    assert "Pushed to main by @kim; no review, no gates." in everything(told)
    await world.click(told, "change.rollback", ANA)
    asked = await world.whisper("Confirm: fraud-detector 5→3, production", ANA)
    await world.click(asked, "rollback.confirm", ANA)
    await world.forge(world.pulls, "a pull request")
    await world.merged(1)
    assert "/3/model" in world.file(MANIFEST)
    await world.settled()
    assert len([m for m in world.slack.messages(PROD) if m["text"].startswith("Outside")]) == 1


async def test_where_there_is_a_merge_queue_it_merges(world: World) -> None:
    world.github.set_rules(REPO, "main", QUEUE)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    await world.card("Merged: fraud-detector 3→4, production")
    assert "/4/model" in world.file(MANIFEST)
    puts = [call for call in world.sandbox.hooks.log if call.name == f"PUT /repos/{REPO}/pulls/1/merge"]
    assert puts == []
