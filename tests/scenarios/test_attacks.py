"""Ways around the policy, and one-step races: each ends where the policy says, not where it was pushed."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

from bot.domain.cards import ChangeCard
from bot.domain.change import Change
from bot.domain.commands import CloseChange, HoldChange, Promote
from bot.domain.people import Person
from bot.errors import ForgeUnavailable
from bot.sandbox.github import pulls, pushes
from bot.sandbox.seed.cast import TEAM_ID
from tests.scenarios.world import ANA, BEN, CHLOE, MANIFEST, OSCAR, POLICY, PROD, REPO, World, everything

ASK = "/promote fraud-detector 4 production"
CARD = "Review: fraud-detector 3→4, production"


async def asked(world: World) -> tuple[dict[str, Any], Change]:
    """An open change, everything about it said."""
    await world.say(ASK)
    card = await world.card(CARD)
    await world.settled()
    return card, world.bot.store.changes.all_open()[0]


def put(world: World, key: str, command: Any) -> None:
    world.bot.store.inbox.put(key, command)


async def test_a_file_whose_name_is_no_text_is_still_seen(world: World, tmp_path):
    card, change = await asked(world)
    commit = sneak(world, change.branch, tmp_path)
    forge = world.github._forge
    move = pushes.Move(f"refs/heads/{change.branch}", change.head, commit)
    await asyncio.to_thread(pushes.moved, forge, forge.repo(REPO), "ben", [move])
    await world.settled()
    await world.click(card, "change.approve", BEN)
    await world.settled()
    assert world.statuses(1)["slackops/gates"] == "failure"
    assert world.pulls()[0]["state"] == "open"


def sneak(world: World, branch: str, folder) -> str:
    """A commit on the branch with a file more, whose name is not UTF-8."""
    who = {f"GIT_{role}_{what}": "x@x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {"GIT_DIR": str(world.github.repo_path(REPO)), "GIT_INDEX_FILE": str(folder / "index"), **who}

    def git(*args: str, given: bytes = b"") -> str:
        done = subprocess.run(["git", *args], check=True, capture_output=True, input=given, env=env)
        return done.stdout.decode().strip()

    blob = git("hash-object", "-w", "--stdin", given=b"kind: Evil\n")
    git("read-tree", branch)
    git("update-index", "-z", "--index-info", given=b"100644 " + blob.encode() + b"\tmodels/evil\xff.yaml\0")
    commit = git("commit-tree", git("write-tree"), "-p", branch, "-m", "sneak")
    git("update-ref", f"refs/heads/{branch}", commit)
    return commit


async def test_a_push_between_branch_and_pull_request_is_not_adopted(world: World):
    loop, forge = asyncio.get_running_loop(), world.bot.context.forge
    really, tries = forge.open_pull, []

    def open_pull(branch: str, *args: Any) -> Any:
        tries.append(branch)
        if len(tries) > 1:
            return really(branch, *args)
        other = world.file(MANIFEST).replace("/3/", "/1/").encode()
        pushed = world.github.push_file("ben", REPO, branch, MANIFEST, other, "sneak")
        asyncio.run_coroutine_threadsafe(pushed, loop).result()
        raise ForgeUnavailable("502", retry_after=0)

    forge.open_pull = open_pull
    await world.say("/promote fraud-detector 4 staging")
    await world.card("Blocked: fraud-detector 3→4, staging", "C0DEPLOYS")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"
    assert "/3/" in world.file(MANIFEST)


async def test_a_requester_with_no_link_does_not_approve_as_somebody_nobody_knows(world: World):
    world.github.set_permission(REPO, "oscar", "write")
    policy = world.file(POLICY).replace('promote: ["slack:U0ANA"', 'promote: ["slack:U0OSCAR", "slack:U0ANA"')
    await world.push(POLICY, policy.replace('from: ["slack:U0BEN", "slack:U0CHLOE"]', 'from: ["github:oscar"]'))
    await world.say(ASK, user=OSCAR)
    card = await world.card(CARD)
    await world.github.review("oscar", REPO, 1, "APPROVE")
    await world.thread(card, "does not count")
    await world.settled()
    assert world.pulls()[0]["state"] == "open"


async def test_somebody_elses_hold_is_neither_taken_over_nor_released(world: World):
    _, change = await asked(world)
    ben, ana = (Person(team=TEAM_ID, user=user) for user in (BEN, ANA))
    for number, (who, on) in enumerate([(ben, True), (ana, True), (ana, False)]):
        put(world, f"hold{number}", HoldChange(by=who, change=change.id, hold=on, reason="wait"))
        await world.settled()
    assert world.bot.store.changes.get(change.id).held_by == ben


async def test_a_hold_between_the_look_and_the_merge_holds(world: World):
    card, change = await asked(world)
    chat = world.bot.context.chat
    really, held = chat.update, []

    def update(posted: Any, message: Any, mark: str) -> bool:
        if isinstance(message, ChangeCard) and message.approvals and not held:
            held.append(True)
            who = Person(team=TEAM_ID, user=CHLOE)
            world.bot.store.changes.update(change.id, lambda c: _held(c, who))
        return really(posted, message, mark)

    chat.update = update
    await world.click(card, "change.approve", BEN)
    await world.card("Held: fraud-detector 3→4, production")
    await world.settled()
    assert held
    assert world.pulls()[0]["state"] == "open"


async def test_an_objection_between_the_look_and_the_merge_is_heard(world: World):
    card, _ = await asked(world)
    loop, chat = asyncio.get_running_loop(), world.bot.context.chat
    really, objected = chat.update, []

    def update(posted: Any, message: Any, mark: str) -> bool:
        if isinstance(message, ChangeCard) and message.approvals and not objected:
            objected.append(True)
            no = world.github.review("chloe", REPO, 1, "REQUEST_CHANGES", "wait")
            asyncio.run_coroutine_threadsafe(no, loop).result()
        return really(posted, message, mark)

    chat.update = update
    await world.click(card, "change.approve", BEN)
    await world.card("Blocked: fraud-detector 3→4, production")
    await world.settled()
    assert objected
    assert world.pulls()[0]["state"] == "open"


def _held(change: Change, who: Person) -> Change:
    from dataclasses import replace

    return replace(change, held_by=who, hold_reason="wait")


async def test_people_of_another_workspace_steer_nothing(world: World):
    policy = world.file(POLICY)
    start, end = policy.index("roles:"), policy.index("environments:")
    await world.push(POLICY, policy[:start] + policy[end:])
    stranger = Person(team="T0OTHER", user=ANA)
    put(world, "x", Promote(by=stranger, model="fraud-detector", version="4", environment="staging"))
    await world.settled()
    assert world.pulls() == []


async def test_a_pull_request_turned_to_another_branch_goes_nowhere(world: World):
    card, _ = await asked(world)
    await world.github.push_file(
        "ben", REPO, "other", MANIFEST, world.file(MANIFEST).replace("/3/", "/1/").encode(), "o"
    )
    forge = world.github._forge
    before = world.git("rev-list", "--count", world.pulls()[0]["head"]["ref"])
    await asyncio.to_thread(pulls.update, forge, forge.repo(REPO), 1, "ben", {"base": "other"})
    await world.click(card, "change.approve", BEN)
    await world.card("Blocked: fraud-detector 3→4, production")
    await world.settled()
    assert "other" in everything(world.slack.message(PROD, card["ts"]))
    assert world.pulls()[0]["state"] == "open"
    assert world.git("rev-list", "--count", world.pulls()[0]["head"]["ref"]) == before


async def test_a_strict_forge_gets_the_branch_brought_up_to_date(world: World):
    checks = {"strict": True, "contexts": ["slackops/gates", "slackops/approvals"]}
    world.github.protect(REPO, "main", {"required_status_checks": checks})
    card, _ = await asked(world)
    await world.push("README.md", "hello")
    await world.settled()
    await world.click(card, "change.approve", BEN)
    await world.merged(1)


async def test_a_policy_that_would_break_is_stopped_and_its_mending_is_not(world: World):
    good = world.file(POLICY)
    await world.github.push_file("ben", REPO, "break", POLICY, b"version: 1\nnonsense: true\n", "b")
    breaks = await world.github.open_pull("ben", REPO, "break", "main", "b")
    await world.settled()
    assert world.statuses(breaks) == {"slackops/gates": "failure", "slackops/approvals": "failure"}
    await world.push(POLICY, "version: 1\nnonsense: true\n")
    await world.github.push_file("ben", REPO, "mend", POLICY, good.encode(), "m")
    mends = await world.github.open_pull("ben", REPO, "mend", "main", "m")
    await world.settled()
    assert world.statuses(mends) == {"slackops/gates": "success", "slackops/approvals": "success"}


async def test_a_change_ends_even_when_its_target_is_gone(world: World):
    card, change = await asked(world)
    await world.github.push_file("kim", REPO, "main", MANIFEST, None, "gone")
    await world.settled()
    assert world.slack.message(PROD, card["ts"])["text"].startswith("Blocked")
    put(world, "close", CloseChange(by=change.requesters[0], change=change.id, reason="gone"))
    await world.closed(1)
    await world.settled()
    assert world.slack.message(PROD, card["ts"])["text"].startswith("Closed")
    assert world.bot.store.changes.all_open() == []
