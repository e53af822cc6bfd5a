"""A version is banned: nobody brings it in, and what was on its way stops."""

from __future__ import annotations

from tests.scenarios.test_freezes import PROMOTE, state
from tests.scenarios.world import ANA, BEN, CHLOE, OSCAR, PROD, World, everything


async def test_a_banned_version_is_refused_and_an_open_change_to_it_stops(world: World):
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.say("/slackops ban fraud-detector v4 --reason leaks labels", BEN)
    await world.card("Banned: fraud-detector 4")
    (ban,) = state(world, "bans.json")
    assert (ban["model"], ban["version"], ban["login"], ban["reason"]) == ("fraud-detector", "4", "ben", "leaks labels")
    card = await world.card("Blocked: fraud-detector 3→4, production")
    assert "fraud-detector 4 banned by ben on" in everything(card)
    await world.thread(card, "Blocked: fraud-detector 3→4")
    await world.click(card, "change.approve", CHLOE)
    await world.shows(card, "1 of 1 approvals")
    await world.settled()
    assert not world.pulls()[0]["merged"]
    assert world.statuses(1)["slackops/gates"] == "failure"
    await world.refused("/promote fraud-detector 4 staging", "version_banned", "leaks labels", "unban fraud-detector 4")
    await world.refused("/promote fraud-detector @challenger production", "version_banned")
    await world.say("/slackops bans", OSCAR)
    await world.whisper("fraud-detector 4", OSCAR)
    await world.say("/slackops unban fraud-detector 4 --reason retrained", BEN)
    await world.merged(1)
    assert state(world, "bans.json") == []


async def test_no_rollback_goes_to_a_banned_version(world: World):
    await world.say("/slackops ban fraud-detector 2", BEN)
    await world.card("Banned: fraud-detector 2")
    await world.refused("/rollback fraud-detector production --to 2", "version_banned", user=ANA)
    assert world.pulls() == []


async def test_a_ban_needs_a_version_that_there_is_and_lifting_it_a_reason(world: World):
    await world.refused("/slackops ban fraud-detector 400", "unknown_version")
    done = await world.say("/slackops unban fraud-detector 4")
    assert (done.status, done.error) == (200, None)
    await world.whisper("A ban is lifted with a reason.")
    await world.change_policy("roles:\n", 'roles:\n  ban: ["slack:U0BEN"]\n')
    await world.refused("/slackops ban fraud-detector 4", "not_allowed", "roles.ban", user=OSCAR)


async def test_after_a_rollback_its_card_offers_both(world: World):
    await world.say("/rollback fraud-detector production")
    card = await world.card("Review: roll back fraud-detector 3→")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    card = await world.card("Merged: roll back fraud-detector 3→")
    await world.shows(card, "Ban 3")
    await world.click(card, "stop.ban", CHLOE)
    view = await world.form(CHLOE, "form.ban")
    await world.slack.submit(CHLOE, view["id"], {"reason": "false alarms"})
    await world.card("Banned: fraud-detector 3")
    await world.click(card, "stop.freeze", CHLOE)
    view = await world.form(CHLOE, "form.freeze")
    await world.slack.submit(CHLOE, view["id"], {"until": "1d"})
    await world.card("Frozen: fraud-detector in production")
    (ban,) = state(world, "bans.json")
    assert (ban["version"], ban["reason"], ban["by"]) == ("3", "false alarms", "slack:T0SANDBOX/U0CHLOE")
    await world.settled()
    assert len([m for m in world.slack.messages(PROD) if m["text"].startswith("Banned")]) == 1
