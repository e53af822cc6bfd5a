"""What moves with an environment that others inherit from: the rules of all of them hold, and nobody is surprised."""

from __future__ import annotations

from typing import Any

from tests.scenarios.test_decisions import answer
from tests.scenarios.test_shared_values import shared
from tests.scenarios.test_unpin import OWN, PIN
from tests.scenarios.world import ANA, BEN, CHLOE, DEPLOYS, MANIFEST, PROD, REPO, World, everything

STAGING = MANIFEST.replace("production", "staging")
TWO = ("required: 1", "required: 2")


async def staging_says(world: World, version: str, message: str = "By hand") -> None:
    """Staging's manifest says another version."""
    text = world.file(STAGING)
    start = text.index("/fraud-detector/") + len("/fraud-detector/")
    await world.push(STAGING, text[:start] + version + text[text.index("/", start) :], message=message)


async def following(world: World) -> None:
    """Production says nothing of its own and inherits from staging."""
    await world.change_policy("  fraud-detector:\n", OWN)
    await world.push(MANIFEST, world.file(MANIFEST).replace(PIN, ""), message="Follow staging")


async def test_the_rules_of_production_hold_where_it_follows(world: World):
    await following(world)
    await world.say("/promote fraud-detector 4 staging --plan", channel=DEPLOYS)
    told = await world.whisper("Would propose", channel=DEPLOYS)
    assert "The same value serves production" in everything(told)
    await world.say("/promote fraud-detector 4 staging", channel=DEPLOYS)
    card = await world.card("Review: fraud-detector 3→4, staging", channel=DEPLOYS)
    assert "0 of 1 approvals" in everything(card)
    assert "The same value serves production" in everything(card)
    await world.click(card, "change.approve", BEN, channel=DEPLOYS)
    await world.merged(1)


async def test_approvals_die_when_what_is_inherited_moves(world: World):
    await following(world)
    await world.change_policy(*TWO)
    await staging_says(world, "2")
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 2→4, production")
    assert "inherits 2" in everything(card)
    await world.click(card, "change.approve", BEN)
    await world.shows(card, "1 of 2 approvals")
    await staging_says(world, "3")
    now = await world.shows(card, "fraud-detector 3→4, production")
    assert "0 of 2 approvals" in everything(now)


async def test_gates_have_something_to_compare_with_or_say_that_they_have_not(world: World):
    await following(world)
    await staging_says(world, "latest")
    await world.say("/promote fraud-detector 4 production")
    await world.until(lambda: world.slack.messages(PROD), "a card")
    await world.settled()
    (card,) = [m for m in world.slack.messages(PROD) if "fraud-detector" in m["text"]]
    said = everything(card)
    assert "first deployment" not in said
    assert "3/4 gates" in said or "2/4 gates" in said, said


async def test_a_version_that_it_never_had_is_nothing_to_go_back_to(world: World):
    text = world.file(MANIFEST)
    await world.change_policy("  fraud-detector:\n", OWN)
    fresh = "models/fraud-detector/production/fresh.yaml"
    await world.change_policy(
        "production/inferenceservice.yaml]\n          doc", "production/fresh.yaml]\n          doc"
    )
    await world.push(fresh, text.replace("/fraud-detector/3/", "/fraud-detector/4/"), message="production at last")
    await world.refused("/rollback fraud-detector production", "no_earlier_version")


async def test_what_it_really_inherited_comes_back_by_the_rules_of_a_rollback(world: World):
    await world.change_policy(*TWO)
    await following(world)
    text, line = world.file(MANIFEST), "runtime: kserve-sklearnserver\n"
    await world.push(MANIFEST, text.replace(line, line + PIN.replace("/3/", "/4/")), message="Pin 4")
    await world.say("/rollback fraud-detector production", ANA)
    card = await world.card("Review: roll back fraud-detector 4→3, production")
    assert "0 of 1 approvals" in everything(card)


async def test_what_it_would_only_inherit_by_the_policy_of_today_needs_the_normal_ones(world: World):
    await world.change_policy(*TWO)
    text = world.file(MANIFEST)
    await world.push(MANIFEST, text.replace(PIN, ""), message="Nothing pinned, and nothing to inherit")
    line = "runtime: kserve-sklearnserver\n"
    now = world.file(MANIFEST).replace(line, line + PIN.replace("/3/", "/4/"))
    await world.push(MANIFEST, now, message="Pin 4")
    await world.change_policy("  fraud-detector:\n", OWN)
    await world.say("/rollback fraud-detector production", ANA)
    card = await world.card("Blocked: roll back fraud-detector 4→3, production")
    assert "0 of 2 approvals" in everything(card)


async def test_a_pull_request_by_hand_is_told_what_it_moves(world: World):
    await following(world)
    harmless = world.file(MANIFEST).replace("maxReplicas: 12", "maxReplicas: 14")
    await world.push(MANIFEST, harmless, branch="more-replicas")
    first = await open_by_hand(world, "more-replicas", 1)
    assert first == {"slackops/gates": "success", "slackops/approvals": "success"}
    moved = world.file(STAGING).replace("/fraud-detector/3/", "/fraud-detector/4/")
    await world.push(STAGING, moved, branch="staging-4")
    await world.github.open_pull("chloe", REPO, "staging-4", "main", "By hand")
    card = await world.card("Review: by hand fraud-detector 3→4, production")
    assert "fraud-detector 3→4, staging" in everything(card)
    await world.forge(lambda: world.statuses(2).get("slackops/approvals") == "pending", "an approval is wanted")


async def open_by_hand(world: World, branch: str, number: int) -> dict[str, str]:
    """Chloe opens a pull request; its statuses once both are there."""
    await world.github.open_pull("chloe", REPO, branch, "main", "By hand")

    def look() -> dict[str, Any] | None:
        states = world.statuses(number)
        return states if len(states) == 2 and "pending" not in states.values() else None

    found: dict[str, str] = await world.forge(look, f"both statuses of #{number}")
    return found


async def test_one_change_of_one_value(world: World):
    await shared(world)
    await world.say("/promote ltv 4 production")
    card = await world.card("Review: ltv 3→4, production")
    await world.choose(card, "hold", CHLOE)
    await answer(world, CHLOE, "form.hold", "not today")
    await world.card("Held: ltv 3→4, production")
    await world.say("/promote ltv 4 staging", BEN, DEPLOYS)
    await world.thread(card, "asks for this too")
    assert len(world.pulls()) == 1
