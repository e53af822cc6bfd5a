"""When everything has settled, looking again writes nothing anywhere; and what the forge refuses is not hammered."""

from __future__ import annotations

from bot.domain.commands import Reconcile, Sweep
from bot.sandbox.world import protection
from tests.scenarios.traffic import effects, hurry
from tests.scenarios.world import BEN, CHLOE, DEPLOYS, MANIFEST, PROD, REPO, World, everything

TWO = {"required_approving_review_count": 2}
BUILD = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "build"}]}}
FRAUD = "/promote fraud-detector 4 production"


async def look_again(world: World, times: int = 2) -> list[str]:
    """Reconcile every pull request anew, and sweep; what was written by that."""
    assert world.bot
    await world.settled()
    before = len(world.sandbox.hooks.log)
    for turn in range(times):
        for pull in world.pulls():
            world.bot.store.inbox.put(f"again:{before}:{turn}:{pull['number']}", Reconcile(number=pull["number"]))
        world.bot.store.inbox.put(f"again:{before}:{turn}:sweep", Sweep())
        await world.settled()
    log = world.sandbox.hooks.log[before:]
    assert len(log) >= len(world.pulls()) * times  # it did look
    return effects(log)


async def every_kind_of_change(world: World) -> None:
    """Merged, blocked, superseded, open with one approval, rebuilt, held, by hand."""
    hurry(world)
    await world.say("/promote fraud-detector 4 staging")  # merged
    await world.card("Merged: fraud-detector 3→4, staging", DEPLOYS)
    await world.say("/promote churn 17 production")  # blocked by its gate
    await world.card("Blocked: churn 16→17, production")
    await world.change_policy("required: 1", "required: 2")
    await world.say("/promote fraud-detector 5 production")  # superseded
    await world.forge(lambda: len(world.pulls()) >= 3, "three pull requests")
    await world.say(FRAUD)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)  # 1 of 2
    await world.thread(card, "approved")
    await world.push(MANIFEST, world.file(MANIFEST).replace("/3/model", "/2/model"))  # rebuilt
    await world.card("Review: fraud-detector 2→4, production")
    await world.say("/promote ltv 4 production")  # held
    held = await world.card("Review: ltv 3→4, production")
    await world.choose(held, "hold", CHLOE)
    view = await world.form(CHLOE, "form.hold")
    await world.slack.submit(CHLOE, view["id"], {"comment": "Monday"})
    await world.card("Held: ltv 3→4, production")
    await world.push(MANIFEST, world.file(MANIFEST).replace("/2/model", "/5/model"), branch="sneak")
    await world.github.open_pull("kim", REPO, "sneak", "main", "Sneak")  # by hand


async def test_nothing_is_written_in_the_steady_state(world: World):
    await every_kind_of_change(world)
    assert await look_again(world) == []
    assert world.bot
    await world.stop_bot()
    await world.start_bot()  # what it remembers of the forge in memory is gone
    assert await look_again(world) == []
    branch = next(p["head"]["ref"] for p in world.pulls() if p["state"] == "open" and "fraud" in p["title"])
    await world.push("x.txt", "x", branch=branch)  # foreign
    await world.card("Blocked: fraud-detector 2→4, production")
    assert await look_again(world) == []


def merges_tried(world: World) -> int:
    return len([c for c in world.sandbox.hooks.log if c.name == f"PUT /repos/{REPO}/pulls/1/merge"])


async def test_the_forge_refuses_to_merge(world: World):
    """Its reviews are waited for; a check of its own that the policy does not know is told of, and not hammered."""
    world.github.set_rules(REPO, "main", [{"type": "pull_request", "parameters": TWO}, BUILD])
    await world.say(FRAUD)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.shows(card, "1 of 2 approvals")
    await world.settled()
    assert merges_tried(world) == 0
    await world.click(card, "change.approve", CHLOE)
    refused = await world.card("Approved: fraud-detector 3→4, production")
    assert "Required status check" in everything(refused)
    await world.thread(card, "Not merged: fraud-detector 3→4, production")
    assert await look_again(world, times=3) == []
    assert merges_tried(world) == 1
    await world.github.set_check(REPO, world.pulls()[0]["head"]["sha"], "build")
    await world.merged(1)
    await world.card("Merged: fraud-detector 3→4, production")
    replies = [m["text"] for m in world.slack.messages(PROD, thread_ts=card["ts"])]
    assert len([text for text in replies if "Not merged" in text]) == 1


async def test_a_refused_merge_leaves_the_branch_alone_when_the_base_moves(world: World):
    rules = protection()
    rules["required_status_checks"]["checks"].append({"context": "build"})
    world.github.protect(REPO, "main", rules)  # kim is exempt
    await world.say(FRAUD)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.thread(card, "Not merged: fraud-detector 3→4, production")
    await world.settled()
    head = world.pulls()[0]["head"]["sha"]
    await world.push("README.md", "# Moved\n")
    await world.settled()
    assert world.pulls()[0]["head"]["sha"] == head
