"""The default branch moves under an open change: left alone where it may be, rendered again where it must be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.commands import Reconcile
from bot.sandbox.hooks import Call, Phase
from tests.scenarios.traffic import forced, hurry
from tests.scenarios.world import BEN, CHLOE, MANIFEST, PROD, REPO, World, everything

PROMOTE = "/promote fraud-detector 4 production"
REVIEW = "Review: fraud-detector 3→4, production"
LINE = "storageUri:"


async def opened(world: World) -> tuple[dict[str, Any], str]:
    """An open change: its card and its head."""
    hurry(world)
    await world.say(PROMOTE)
    card = await world.card(REVIEW)
    await world.settled()
    return card, world.pulls()[0]["head"]["sha"]


def parents(world: World, commit: str) -> list[str]:
    """The commit's parents."""
    return world.git("log", "-1", "--format=%P", commit).split()


def beside_the_version(text: str) -> str:
    """The manifest with a line changed right above the bound one."""
    lines = text.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if LINE in line)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return "".join([*lines[:at], f"{indent}# looked at by kim\n", *lines[at:]])


async def test_moved_and_clean_is_left_alone(world: World):
    card, head = await opened(world)
    await world.push("README.md", "# Ours\n")
    await world.settled()
    assert world.pulls()[0]["head"]["sha"] == head
    await world.click(card, "change.approve", BEN)
    merged = await world.merged(1)
    assert merged["head"]["sha"] == head
    assert world.file("README.md") == "# Ours\n"


async def test_a_forge_that_still_works_out_whether_it_merges_is_asked_again(world: World):
    forge = world.github._forge
    forge.config = replace(forge.config, lazy_mergeable=True)
    await opened(world)
    world.github.webhooks.enabled = False  # nobody tells when it has worked it out
    await world.push("README.md", "# Ours\n")
    await world.github.review("ben", REPO, 1, "APPROVE")
    assert world.bot
    world.bot.store.inbox.put("look", Reconcile(number=1))
    await world.card("Merged: fraud-detector 3→4, production")


async def test_a_conflict_is_resolved_by_one_commit_with_two_parents(world: World):
    await world.change_policy("required: 1", "required: 2")
    card, head = await opened(world)
    await world.click(card, "change.approve", BEN)
    await world.thread(card, "approved")
    main = await world.push(MANIFEST, beside_the_version(world.file(MANIFEST)))
    await world.thread(card, "rendered again")
    await world.settled()
    after = world.pulls()[0]["head"]["sha"]
    assert parents(world, after) == [head, main]
    assert world.file(MANIFEST, after) == world.file(MANIFEST).replace("/3/model", "/4/model")
    assert not forced(world)
    await world.shows(card, "1 of 2 approvals")  # the digest is the same
    await world.click(card, "change.approve", CHLOE)
    await world.merged(1)
    assert "looked at by kim" in world.file(MANIFEST)
    assert "/4/model" in world.file(MANIFEST)


async def test_a_moved_starting_point_voids_approvals(world: World):
    await world.change_policy("required: 1", "required: 2")
    card, head = await opened(world)
    digest = world.pulls()[0]["body"].split("SlackOps-Digest: ")[1].split()[0]
    await world.click(card, "change.approve", BEN)
    await world.thread(card, "approved")
    stale = world.slack.message(PROD, card["ts"])
    main = await world.push(MANIFEST, world.file(MANIFEST).replace("/3/model", "/2/model"))
    await world.card("Review: fraud-detector 2→4, production")
    await world.settled()
    now = world.slack.message(PROD, card["ts"])
    assert "0 of 2 approvals" in everything(now)
    assert "does not count: was given before the change moved" in everything(now)
    pull = world.pulls()[0]
    assert parents(world, pull["head"]["sha"]) == [head, main]
    assert world.file(MANIFEST, pull["head"]["sha"]) == world.file(MANIFEST).replace("/2/model", "/4/model")
    assert pull["title"] == "Promote fraud-detector 2 → 4 in production"
    assert f"SlackOps-Digest: {digest}" not in pull["body"]
    assert "SlackOps-From: 2" in pull["body"]
    assert not forced(world)
    assert stale["blocks"] != now["blocks"]
    await world.click(card, "change.approve", CHLOE)
    await world.shows(card, "1 of 2")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    await world.click(card, "change.approve", BEN)
    merged = await world.merged(1)
    assert "It was 2 before" in world.git("log", "-1", "--format=%B", merged["merge_commit_sha"])
    assert len(world.github.reviews(REPO, 1)) == 3


async def test_the_target_becomes_unreadable_and_comes_back(world: World):
    card, head = await opened(world)
    good = world.file(MANIFEST)
    await world.push(MANIFEST, good.replace(LINE, "storage:"))
    blocked = await world.card("Blocked: fraud-detector 3→4, production")
    assert "inferenceservice.yaml" in everything(blocked)
    assert world.pulls()[0]["head"]["sha"] == head
    await world.push(MANIFEST, good)
    await world.card(REVIEW)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)


async def test_a_policy_that_comes_between_the_look_and_the_merge_holds(world: World):
    card, _ = await opened(world)
    done: list[str] = []

    async def stricter(phase: Phase, call: Call) -> None:
        reads = call.service == "github" and call.name.startswith("GET ") and call.name.endswith("/reviews")
        if phase == "after" and reads and not done and world.statuses(1)["slackops/approvals"] == "success":
            done.append(await world.change_policy("required: 1", "required: 2"))

    world.sandbox.hooks.items.append(stricter)
    await world.click(card, "change.approve", BEN)
    await world.shows(card, "1 of 2")
    await world.settled()
    assert done
    assert not world.pulls()[0]["merged"]
