"""An environment is frozen: what waits, what goes through all the same, and how it goes on."""

from __future__ import annotations

import json
from datetime import datetime

from tests.scenarios.world import ANA, BEN, CHLOE, OSCAR, PROD, World, everything

PROMOTE = "/promote fraud-detector 4 production"
BRANCH = "slackops-state"


def state(world: World, name: str = "freezes.json") -> list[dict[str, str]]:
    """What a file of the branch says."""
    data = json.loads(world.git("show", f"{BRANCH}:{name}"))
    assert data["version"] == 1
    return list(data[name.removesuffix(".json")])


async def test_a_freeze_keeps_a_merge_back_until_it_is_lifted(world: World):
    await world.say("/slackops freeze production --until 2h --reason year's end", BEN)
    told = await world.card("Frozen: production")
    assert "<@U0BEN>" in everything(told)
    assert "year's end" in everything(told)
    (freeze,) = state(world)
    assert (freeze["environment"], freeze["login"]) == ("production", "ben")
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    assert "frozen by ben until" in everything(card)
    await world.click(card, "change.approve", BEN)
    card = await world.card("Approved: fraud-detector 3→4, production")
    assert "Waiting for freeze: production frozen by ben until" in everything(card)
    await world.settled()
    assert world.statuses(1) == {"slackops/gates": "pending", "slackops/approvals": "success"}
    assert not world.pulls()[0]["merged"]
    await world.say("/slackops freezes", OSCAR)
    await world.whisper("production", OSCAR)
    await world.say("/slackops unfreeze prod", CHLOE)
    await world.card("Not frozen any more: production")
    await world.merged(1)
    assert state(world) == []
    await world.settled()
    assert len([m for m in world.slack.messages(PROD) if m["text"].startswith("Frozen")]) == 1
    await world.say("/slackops freezes", OSCAR)
    await world.whisper("Nothing is frozen.", OSCAR)


async def test_it_ends_by_itself(world: World):
    await world.say("/slackops freeze fraud-detector production --until 5s", BEN)
    await world.card("Frozen: fraud-detector in production")
    (freeze,) = state(world)
    await world.say(PROMOTE)
    await world.click(await world.card("Review: fraud-detector 3→4, production"), "change.approve", BEN)
    pull = await world.merged(1)
    assert datetime.fromisoformat(pull["merged_at"]) >= datetime.fromisoformat(freeze["until"])


async def test_another_model_goes_on_and_so_does_a_rollback_to_the_version_before(world: World):
    await world.say("/slackops freeze fraud-detector production", BEN)
    await world.card("Frozen: fraud-detector in production")
    await world.say("/promote churn 17 production")
    card = await world.card("Blocked: churn 16→17, production")
    assert "frozen" not in everything(card)
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector")
    assert "frozen by ben" in everything(back)
    await world.click(back, "change.approve", CHLOE)
    await world.merged(2)


async def test_a_policy_may_have_rollbacks_obey(world: World):
    await world.change_policy("rollback: {approvals: 1,", "rollback: {freezes: obey, approvals: 1,")
    await world.say("/slackops freeze production", BEN)
    await world.card("Frozen: production")
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector")
    await world.click(back, "change.approve", CHLOE)
    await world.card("Approved: roll back fraud-detector")
    await world.settled()
    assert not world.pulls()[0]["merged"]


async def test_only_the_role_freezes(world: World):
    await world.change_policy("roles:\n", 'roles:\n  freeze: ["slack:U0BEN"]\n')
    await world.refused("/slackops freeze production", "not_allowed", "roles.freeze", user=OSCAR)
    assert BRANCH not in world.branches()
    await world.refused("/slackops unfreeze production", "not_frozen", "is not frozen", user=BEN)


async def test_the_form(world: World):
    await world.say("/slackops freeze --until 2h --reason holidays")
    view = await world.form(ANA, "form.freeze")
    await world.slack.submit(ANA, view["id"], {"environment": "production", "until": "tomorrow"})
    (open_view,) = world.slack.views(ANA)
    assert "is no time" in str(open_view["errors"])
    await world.slack.submit(ANA, view["id"], {"environment": "production", "model": "churn", "until": "3d"})
    await world.card("Frozen: churn in production")
    (freeze,) = state(world)
    assert (freeze["model"], freeze["reason"]) == ("churn", "holidays")


async def test_a_file_broken_by_hand_stops_promotions_and_no_rollback(world: World):
    await world.say("/slackops freeze staging --until 1m", BEN)
    await world.whisper("Frozen: staging", BEN)
    await world.push("freezes.json", "{oops", branch=BRANCH)
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    card = await world.card("Approved: fraud-detector 3→4, production")
    assert "Waiting for freeze: freezes.json is no JSON" in everything(card)
    await world.refused("/slackops freeze production", "state_unreadable", "Mend the file", user=BEN)
    await world.say("/rollback churn production")
    back = await world.card("Review: roll back churn")
    await world.click(back, "change.approve", CHLOE)
    await world.merged(2)
    assert not world.pulls()[0]["merged"]


async def test_what_is_lifted_by_hand_on_the_branch_goes_on_at_once(world: World):
    await world.say("/slackops freeze production", BEN)
    await world.card("Frozen: production")
    await world.say(PROMOTE)
    await world.click(await world.card("Review: fraud-detector 3→4, production"), "change.approve", BEN)
    await world.card("Approved: fraud-detector 3→4, production")
    await world.settled()
    await world.push("freezes.json", '{"version": 1, "freezes": []}', branch=BRANCH)
    await world.merged(1)
