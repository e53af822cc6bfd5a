"""Commits and pull requests that people make themselves: judged by what they change, and never written over."""

from __future__ import annotations

from tests.scenarios.world import BEN, MANIFEST, PROD, REPO, World, everything

PROMOTE = "/promote fraud-detector 4 production"
GATES, APPROVALS = "slackops/gates", "slackops/approvals"


async def test_a_push_to_the_branch_blocks(world: World):
    await world.change_policy("required: 1", "required: 2")
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.thread(card, "approved")
    await world.settled()
    ours = world.pulls()[0]["head"]
    theirs = await world.push("README.md", "# Sneaked in\n", branch=ours["ref"])
    blocked = await world.card("Blocked: fraud-detector 3→4, production")
    assert "The branch holds more than this change" in everything(blocked)
    await world.thread(card, "The branch holds more than this change")
    await world.github.review("chloe", REPO, 1, "APPROVE")
    await world.settled()
    assert world.statuses(1) == {GATES: "failure", APPROVALS: "pending"}
    assert world.pulls()[0]["state"] == "open"
    await world.click(card, "change.approve", "U0CHLOE")
    await world.whisper("change_moved", "U0CHLOE")
    await world.push("docs/x.md", "x\n")  # the base moves too
    await world.settled()
    assert world.pulls()[0]["head"]["sha"] == theirs
    await world.push("README.md", world.file("README.md"), branch=ours["ref"], message="Take it out")
    await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    await world.shows(card, "1 of 2 approvals")
    await world.click(card, "change.approve", "U0CHLOE")
    await world.merged(1)
    assert "Sneaked" not in world.file("README.md")


async def test_another_version_pushed_to_the_branch_blocks(world: World):
    await world.say(PROMOTE)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    branch = world.pulls()[0]["head"]["ref"]
    await world.push(MANIFEST, world.file(MANIFEST, branch).replace("/4/model", "/5/model"), branch=branch)
    await world.card("Blocked: fraud-detector 3→4, production")
    await world.github.review("ben", REPO, 1, "APPROVE")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    await world.shows(card, "does not count")
    assert "/3/model" in world.file(MANIFEST)


async def test_pull_requests_by_hand(world: World):
    manifest = world.file(MANIFEST)
    await world.push(MANIFEST, manifest.replace("/3/model", "/4/model"), branch="sneak")
    await world.push("README.md", "# Words\n", branch="words")
    await world.push(MANIFEST, "# Ask ana before you touch this.\n" + manifest, branch="comment")
    pulls = {
        branch: await world.github.open_pull("ben", REPO, branch, "main", branch.title())
        for branch in ("sneak", "words", "comment")
    }
    for branch in ("words", "comment"):
        number = pulls[branch]
        await world.forge(
            lambda n=number: world.statuses(n) == {GATES: "success", APPROVALS: "success"},  # type: ignore[misc]
            f"both statuses of {branch}",
        )
    card = await world.card("Review: by hand fraud-detector 3→4, production")
    head = world.github.pull(REPO, pulls["sneak"])["head"]["sha"]
    await world.forge(lambda: world.statuses(pulls["sneak"]).get(APPROVALS) == "pending", "an approval is wanted")
    await world.push("docs/y.md", "y\n", branch="sneak")
    moved = world.github.pull(REPO, pulls["sneak"])["head"]["sha"]
    assert moved != head
    await world.forge(lambda: world.statuses(pulls["sneak"]).get(APPROVALS) == "pending", "the new head")
    await world.push(MANIFEST, manifest, branch="sneak")
    await world.forge(lambda: world.statuses(pulls["sneak"]).get(APPROVALS) == "success", "the version taken out")
    await world.settled()
    [told] = world.slack.messages(PROD)
    assert told["ts"] == card["ts"]
    assert told["text"].startswith("Nothing left to do: by hand fraud-detector")
    assert world.github.pull(REPO, pulls["sneak"])["state"] == "open"
