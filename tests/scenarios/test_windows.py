"""Windows, the Merge button, reminders and expiry: what time and people hold back, and how it goes on."""

from __future__ import annotations

from tests.scenarios.world import ANA, BEN, CHLOE, OSCAR, World, everything

PROMOTE = "/promote fraud-detector 4 production"
MERGE = "merge: {method: squash, auto: true}"
SHUT = "windows: [{deny: 2020-01-01/2060-01-01, reason: holidays}]"
OPEN = "windows: [{allow: 00:00-24:00, timezone: Europe/Berlin}]"


async def test_a_closed_window_keeps_a_merge_back_until_the_policy_opens_it(world: World):
    await world.change_policy(MERGE, f"{MERGE}\n    {SHUT}")
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    assert "for holidays from 2020-01-01 to 2060-01-01" in everything(card)
    await world.click(card, "change.approve", BEN)
    await world.card("Approved: fraud-detector 3→4, production")
    await world.settled()
    assert world.statuses(1) == {"slackops/gates": "pending", "slackops/approvals": "success"}
    await world.change_policy(SHUT, OPEN)
    await world.merged(1)


async def test_a_rollback_ignores_windows_unless_the_policy_says_otherwise(world: World):
    await world.change_policy(MERGE, f"{MERGE}\n    {SHUT}")
    await world.say("/rollback churn production")
    back = await world.card("Review: roll back churn")
    await world.click(back, "change.approve", CHLOE)
    await world.merged(1)
    await world.change_policy("rollback: {approvals: 1,", "rollback: {windows: obey, approvals: 1,")
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector")
    await world.click(back, "change.approve", CHLOE)
    await world.card("Approved: roll back fraud-detector")
    await world.settled()
    assert not world.pulls()[1]["merged"]


async def test_where_it_does_not_merge_by_itself_somebody_presses_merge(world: World):
    await world.change_policy("auto: true", "auto: false")
    await world.say(PROMOTE)
    await world.click(await world.card("Review: fraud-detector 3→4, production"), "change.approve", BEN)
    card = await world.card("Approved: fraud-detector 3→4, production")
    assert "press Merge" in everything(card)
    await world.settled()
    await world.click(card, "change.merge", OSCAR)
    await world.whisper("Not merged", OSCAR)
    assert not world.pulls()[0]["merged"]
    await world.click(card, "change.merge", ANA)
    await world.merged(1)
    await world.thread(card, "pressed Merge")


async def test_what_nobody_cares_for_is_closed_and_the_requester_hears_it(world: World):
    await world.change_policy('channel: "#ml-production"', 'channel: "#ml-production"\n    expire: 3s')
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.closed(1)
    closed = await world.card("Closed: fraud-detector 3→4, production")
    assert "Expired: nobody did anything to it for 3 s." in everything(closed)
    told = await world.thread(card, "Expired: nobody")
    assert f"<@{ANA}>" in everything(told)
    await world.settled()
    assert not any(branch.startswith("slackops/promote") for branch in world.branches())


async def test_those_who_may_approve_are_reminded(world: World):
    await world.change_policy('channel: "#ml-production"', 'channel: "#ml-production"\n    remind: 2s')
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    told = await world.thread(card, "Still needs review")
    assert f"<@{BEN}>" in everything(told)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
