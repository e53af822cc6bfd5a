"""Approve, Request changes, Hold, Close, Diff: what people do on the card, and who may."""

from __future__ import annotations

import json

from tests.scenarios.traffic import hurry
from tests.scenarios.world import ANA, BEN, CHLOE, OSCAR, REPO, World, everything

TWO = ("required: 1", "required: 2")


async def answer(world: World, user: str, form: str, text: str) -> None:
    """Fill the open form and submit it."""
    view = await world.form(user, form)
    done = await world.slack.submit(user, view["id"], {"comment": text})
    assert done.error is None
    assert world.slack.views(user) == []


async def test_approve_then_request_changes_then_approve(world: World):
    hurry(world)
    await world.change_policy(*TWO)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.shows(card, "1 of 2")
    await world.click(card, "change.request_changes", BEN)
    view = await world.form(BEN, "form.request_changes")
    assert "fraud-detector" in everything({"text": "", **view})
    refused = await world.slack.submit(BEN, view["id"], {"comment": "  "})
    assert refused.error is None
    assert world.slack.views(BEN)[-1]["errors"]
    await answer(world, BEN, "form.request_changes", "The <!channel> slices are *missing*")
    blocked = await world.card("Blocked: fraud-detector 3→4, production")
    assert "<!channel>" not in everything(blocked)
    said = await world.thread(card, "asked for changes: ")
    assert "slices are" in said["text"]
    assert "<!channel>" not in everything(said)
    await world.click(card, "change.approve", CHLOE)
    await world.shows(card, "1 of 2")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    assert world.statuses(1)["slackops/approvals"] == "failure"
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    given = [(r["user"], r["state"]) for r in world.github.reviews(REPO, 1)]
    assert given == [
        ("ben", "APPROVED"),
        ("ben", "CHANGES_REQUESTED"),
        ("chloe", "APPROVED"),
        ("ben", "APPROVED"),
    ]


async def test_hold_and_release(world: World):
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.choose(card, "hold", CHLOE)
    await answer(world, CHLOE, "form.hold", "wait for Monday")
    held = await world.card("Held: fraud-detector 3→4, production")
    assert "wait for Monday" in everything(held)
    await world.thread(card, "put it on hold: wait for Monday")
    await world.click(card, "change.approve", BEN)
    await world.shows(card, "1 of 1")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    assert world.statuses(1)["slackops/approvals"] == "pending"
    await world.choose(card, "release", ANA)
    await world.whisper("Somebody else put your change on hold", ANA)
    await world.choose(card, "release", CHLOE)
    await world.merged(1)
    await world.thread(card, "let it go on")


async def test_close_frees_the_target_and_strangers_may_not(world: World):
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.choose(card, "close", OSCAR)
    await answer(world, OSCAR, "form.close", "no")
    await world.whisper("not_allowed", OSCAR)
    await world.choose(card, "diff", OSCAR)
    diff = await world.form(OSCAR, "form.diff")
    shown = everything({"text": "", **diff})
    assert "-    " in shown
    assert "s3://models/fraud-detector/4/model" in shown
    assert "submit" not in diff or not diff["submit"]
    await world.choose(card, "close", ANA)
    await answer(world, ANA, "form.close", "wrong version")
    await world.closed(1)
    closed = await world.card("Closed: fraud-detector 3→4, production")
    assert "wrong version" in everything(closed)
    assert "change.approve" not in json.dumps(closed["blocks"])
    await world.settled()
    assert world.branches() == ["main"]
    await world.say("/promote fraud-detector 4 production")
    await world.card("Review: fraud-detector 3→4, production")
    assert [p["state"] for p in world.pulls()] == ["closed", "open"]


async def test_who_may_not_approve(world: World):
    await world.change_policy(
        'from: ["slack:U0BEN", "slack:U0CHLOE"]', 'from: ["github:acme/ml-platform", "slack:U0BEN"]'
    )
    await world.say("/promote fraud-detector 4 production", CHLOE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", ANA)
    told = await world.whisper("not_an_approver", ANA)
    assert "not on the list of approvers" in everything(told)
    await world.click(card, "change.approve", OSCAR)
    await world.whisper("Link GitHub account", OSCAR)
    world.github.set_permission(REPO, "ben", "read")
    await world.click(card, "change.approve", BEN)
    told = await world.whisper("no_access", BEN)
    assert "write access" in everything(told)
    await world.settled()
    assert world.github.reviews(REPO, 1) == []
    await world.github.review("kim", REPO, 1, "APPROVE")
    await world.merged(1)
