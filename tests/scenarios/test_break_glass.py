"""A rollback with nobody's approval: who may, what it marks, and the debt that it leaves."""

from __future__ import annotations

import re

from bot.sandbox.world import protection
from tests.scenarios.world import ANA, BEN, CHLOE, POLICY, REPO, World, everything

BREAK = "/rollback fraud-detector production --break-glass --reason the API is down"
ROLE = '  break_glass: ["slack:U0ANA", "slack:U0CHLOE"]\n'


async def role(world: World, line: str = ROLE, top: str = "") -> None:
    """Who is in the role; with this at the top of the policy."""
    rest = re.sub(r"^  break_glass: .*\n", "", world.file(POLICY), flags=re.MULTILINE)
    await world.push(POLICY, top + rest.replace("roles:\n", f"roles:\n{line}", 1))


async def broken(world: World) -> None:
    """Ana breaks the glass, and it is merged."""
    await world.say(BREAK)
    await world.forge(world.pulls, "a pull request")
    await world.merged(1)


async def test_nobody_has_the_role_unless_the_policy_names_them(world: World):
    await role(world, "")
    await world.refused(BREAK, "not_allowed", "break_glass", user=BEN)
    await role(world)
    await world.refused(BREAK, "not_allowed", "break_glass", user=BEN)
    await world.refused("/rollback fraud-detector production --break-glass", "bad_usage", "with a reason")
    assert world.pulls() == []


async def test_it_merges_frozen_and_unapproved_is_marked_and_a_second_person_settles_it(world: World):
    await role(world)
    await world.say("/slackops freeze production", BEN)
    await world.card("Frozen: production")
    await broken(world)
    pull = world.pulls()[0]
    assert "break-glass" in {label["name"] for label in pull["labels"]}
    assert "SlackOps-Break-Glass: slack:" in world.git("log", "-1", "--format=%B", "main")
    card = await world.card("Merged: roll back fraud-detector")
    card = await world.shows(card, "A second person must review it by")
    assert "the API is down" in everything(card)
    await world.click(card, "glass.settle", ANA)
    await world.whisper("Not settled", ANA)
    await world.click(card, "glass.settle", BEN)
    await world.shows(card, f"<@{BEN}> reviewed it")
    await world.settled()
    (change,) = world.bot.store.changes.merged_for("fraud-detector", "production")
    assert (change.glass.settled_login, change.glass.by.user) == ("ben", ANA)


async def test_a_debt_that_is_not_paid_stops_promotions_and_no_rollback(world: World):
    await role(world, top="break_glass: {review_within: 1s}\n")
    await broken(world)
    card = await world.card("Merged: roll back fraud-detector")
    told = await world.thread(card, "Not reviewed in time")
    assert f"<@{ANA}>" in everything(told)
    assert f"<@{CHLOE}>" in everything(told)
    await world.say("/promote fraud-detector 3 production")
    held = await world.card("Review: fraud-detector 2→3, production")
    assert "nobody reviewed #1 in time" in everything(held)
    await world.click(held, "change.approve", BEN)
    await world.card("Approved: fraud-detector 2→3, production")
    await world.settled()
    assert not world.pulls()[1]["merged"]
    await world.github.review("chloe", REPO, 1, "APPROVE", "looked at it")
    await world.merged(2)
    await world.shows(card, f"<@{CHLOE}> reviewed it")


async def test_the_forge_s_own_rules_are_not_gone_around(world: World):
    await role(world)
    reviews = {"required_pull_request_reviews": {"required_approving_review_count": 1}}
    world.github.protect(REPO, "main", protection() | reviews)
    await world.refused(BREAK, "forge_requires_review", "branch rules")


async def test_an_open_rollback_that_waits_for_approval_is_taken_along(world: World):
    await role(world)
    await world.say("/rollback fraud-detector production", BEN)
    await world.card("Review: roll back fraud-detector")
    await world.say(BREAK)
    await world.merged(1)
    assert "SlackOps-Break-Glass: slack:" in world.git("log", "-1", "--format=%B", "main")
    assert "break-glass" in {label["name"] for label in world.pulls()[0]["labels"]}
