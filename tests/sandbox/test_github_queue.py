"""The merge queue: in, out, a group for each entry, and the merge when the required checks are green on the group."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis.strategies import text

from bot.sandbox.github.graphql.document import Malformed, parse
from tests.sandbox.test_github_support import APP_ID, REPO, World, running

ENQUEUE = """mutation Enqueue($pull: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: {pullRequestId: $pull, expectedHeadOid: $head}) { mergeQueueEntry { position state } } }"""
DEQUEUE = "mutation($pull: ID!) { dequeuePullRequest(input: {id: $pull}) { mergeQueueEntry { position } } }"
READ = """query Q($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
  mergeQueue(branch: "main") { entries(first: 100) { nodes { position state enqueuedAt baseCommit { oid }
    headCommit { oid } pullRequest { number headRefOid } } } } } }"""
RULES: list[dict[str, Any]] = [
    {"type": "merge_queue", "parameters": {"merge_method": "SQUASH"}},
    {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "gates"}]}},
]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        found.github.set_rules(REPO, "main", RULES)
        yield found


async def ask(world: World, document: str, **variables: str) -> dict[str, Any]:
    url = f"{world.url}/sandbox/github/api/graphql"
    headers = {"Authorization": "Bearer ghp_slackops[bot]"}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(url, json={"query": document, "variables": variables}, headers=headers)
    assert answer.status_code == 200
    return dict(answer.json())


async def ready(world: World, branch: str, path: str) -> dict[str, Any]:
    """A green pull request that changes a file of its own."""
    await world.github.push_file("ana", REPO, branch, path, b"x\n", f"Change {path}")
    number = await world.github.open_pull("ana", REPO, branch, "main", branch)
    pull = world.github.pull(REPO, number)
    await green(world, pull["head"]["sha"])
    return pull


async def green(world: World, sha: str, state: str = "success") -> None:
    await world.github.set_status("ben", REPO, sha, "gates", state)


async def enter(world: World, pull: dict[str, Any], head: str | None = None) -> dict[str, Any]:
    return await ask(world, ENQUEUE, pull=pull["node_id"], head=head or pull["head"]["sha"])


async def nodes(world: World) -> list[dict[str, Any]]:
    owner, name = REPO.split("/")
    answer = await ask(world, READ, owner=owner, name=name)
    return list(answer["data"]["repository"]["mergeQueue"]["entries"]["nodes"])


async def test_the_merge_button_is_off(world: World) -> None:
    pull = await ready(world, "one", "a.txt")
    reply = await world.request("PUT", f"/repos/{REPO}/pulls/{pull['number']}/merge", json={})
    assert (reply.status_code, reply.json()["message"]) == (405, "Changes must be made through the merge queue.")
    assert (await world.request("PUT", f"/repos/{REPO}/contents/b.txt", json={"message": "m", "content": ""})).is_error


async def test_a_group_that_is_green_is_merged(world: World) -> None:
    pull = await ready(world, "one", "a.txt")
    answer = await enter(world, pull)
    assert answer["data"]["enqueuePullRequest"]["mergeQueueEntry"]["position"] == 1
    (node,) = await nodes(world)
    group, main = node["headCommit"]["oid"], world.github.head(REPO)
    assert (node["state"], node["baseCommit"]["oid"]) == ("AWAITING_CHECKS", main)
    told = (await world.receiver.wait("merge_group", "checks_requested"))["merge_group"]
    assert (told["head_sha"], told["base_ref"]) == (group, "refs/heads/main")
    assert told["head_ref"].startswith(f"refs/heads/gh-readonly-queue/main/pr-{pull['number']}-")
    assert world.github.head(REPO) == main, "not before the checks"
    await green(world, group)
    assert world.github.head(REPO) == group
    assert world.github.pull(REPO, pull["number"])["merge_commit_sha"] == group
    assert (await world.receiver.wait("merge_group", "destroyed"))["reason"] == "merged"
    assert await nodes(world) == []
    assert world.github.head(REPO, told["head_ref"].removeprefix("refs/heads/")) is None


async def test_the_second_stands_on_the_first_and_falls_back_without_it(world: World) -> None:
    one, two = await ready(world, "one", "a.txt"), await ready(world, "two", "b.txt")
    await enter(world, one)
    await enter(world, two)
    first, second = await nodes(world)
    assert second["baseCommit"] == first["headCommit"]
    await green(world, first["headCommit"]["oid"], "failure")
    (left,) = await nodes(world)
    assert (left["pullRequest"]["number"], left["position"]) == (two["number"], 1)
    assert left["baseCommit"]["oid"] == world.github.head(REPO)
    removed = await world.receiver.wait("pull_request", "dequeued")
    assert (removed["number"], removed["reason"]) == (one["number"], "CI_FAILURE")


@pytest.mark.parametrize("way", ["dequeue", "push", "close", "objection"])
async def test_what_takes_it_out(world: World, way: str) -> None:
    pull = await ready(world, "one", "a.txt")
    rule = {"required_approving_review_count": 1}
    world.github.set_rules(REPO, "main", [*RULES, {"type": "pull_request", "parameters": rule}])
    await world.github.review("ben", REPO, pull["number"], "APPROVE")
    await enter(world, pull)
    if way == "dequeue":
        assert "errors" not in await ask(world, DEQUEUE, pull=pull["node_id"])
    elif way == "push":
        await world.github.push_file("ana", REPO, "one", "a.txt", b"y\n", "More")
    elif way == "close":
        await world.github.close("ana", REPO, pull["number"])
    else:
        await world.github.review("chloe", REPO, pull["number"], "REQUEST_CHANGES", "Wait")
    assert await nodes(world) == []
    assert (await world.receiver.wait("merge_group", "destroyed"))["reason"] == "dequeued"


async def test_a_base_that_moved_gets_a_new_group(world: World) -> None:
    pull = await ready(world, "one", "a.txt")
    await enter(world, pull)
    (before,) = await nodes(world)
    world.github.set_rules(REPO, "main", [])
    await world.github.push_file("root", REPO, "main", "hot.txt", b"!\n", "Hotfix")
    world.github.set_rules(REPO, "main", RULES)
    assert await nodes(world) == [], "a branch without a queue keeps none"
    assert (await enter(world, pull))["data"]
    (after,) = await nodes(world)
    assert after["baseCommit"] != before["baseCommit"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("head", "Head sha does not match", id="other-head"),
        pytest.param("twice", "already in the merge queue", id="twice"),
        pytest.param("red", "Required status check", id="red"),
        pytest.param("out", "not in the merge queue", id="not-in"),
        pytest.param("node", "Could not resolve to a node", id="unknown"),
    ],
)
async def test_refusals(world: World, change: str, message: str) -> None:
    pull = await ready(world, "one", "a.txt")
    if change == "twice":
        await enter(world, pull)
    if change == "red":
        await green(world, pull["head"]["sha"], "failure")
    if change == "out":
        answer = await ask(world, DEQUEUE, pull=pull["node_id"])
    elif change == "node":
        answer = await ask(world, ENQUEUE, pull="MDExOlB1bGw=", head=pull["head"]["sha"])
    else:
        answer = await enter(world, pull, "0" * 40 if change == "head" else None)
    assert message in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "document", ["", "query {", "{ nothing }", "query { repository }", "mutation { x }", "}{", '"']
)
async def test_documents_that_make_no_sense(world: World, document: str) -> None:
    headers = {"Authorization": "Bearer ghp_ana"}
    async with httpx.AsyncClient(trust_env=False) as http:
        url = f"{world.url}/sandbox/github/api/graphql"
        answer = await http.post(url, json={"query": document}, headers=headers)
        assert (answer.status_code, bool(answer.json()["errors"])) == (200, True)
        assert (await http.post(url, json={"query": "{ viewer { login } }"})).status_code == 401
        seen = await http.post(url, json={"query": "{ me: viewer { login } }"}, headers=headers)
        assert seen.json() == {"data": {"me": {"login": "ana"}}}


@given(text(alphabet='{}(): !$"abq123,\n', max_size=60) | text(max_size=60))
def test_a_document_is_read_or_refused(document: str) -> None:
    try:
        found = parse(document, {})
    except Malformed:
        return
    assert found.kind in {"query", "mutation"}


@pytest.mark.parametrize("document", ["{a" * 5_000, "{a(b:" + "{c:" * 5_000])
def test_a_deep_document_is_refused(document: str) -> None:
    with pytest.raises(Malformed):
        parse(document, {})


async def test_checks_of_another_source_do_not_count_for_a_pinned_one(world: World) -> None:
    pinned = {"required_status_checks": [{"context": "gates", "integration_id": APP_ID}]}
    world.github.set_rules(REPO, "main", [RULES[0], {"type": "required_status_checks", "parameters": pinned}])
    pull = await ready(world, "one", "a.txt")
    assert "is expected" in (await enter(world, pull))["errors"][0]["message"], "a person's status is none of the App's"
