"""Merging: methods, moved heads, required checks, what a push merges."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from github import GithubException

from tests.sandbox.test_github_support import FILE, REPO, World, run, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def put_merge(
    world: World, number: int, login: str = "slackops[bot]", **fields: Any
) -> tuple[int, dict[str, Any]]:
    reply = await world.request("PUT", f"/repos/{REPO}/pulls/{number}/merge", login, json=fields)
    return reply.status_code, reply.json()


def checks(*wanted: dict[str, Any], strict: bool = False) -> dict[str, Any]:
    return {
        "required_status_checks": {"strict": strict, "checks": list(wanted)},
        "enforce_admins": False,
        "restrictions": None,
        "required_pull_request_reviews": None,
    }


async def test_a_moved_head_is_a_conflict(world: World) -> None:
    number = await world.pull()
    seen = world.github.pull(REPO, number)["head"]["sha"]
    await world.change("promote", b"uri: s3://models/43\n")
    status, body = await put_merge(world, number, sha=seen)
    assert (status, body["message"]) == (409, "Head branch was modified. Review and try the merge again.")


async def test_a_closed_or_merged_pull_request_cannot_be_merged(world: World) -> None:
    number = await world.pull()
    await world.github.close("ana", REPO, number)
    assert (await put_merge(world, number))[0] == 405
    await world.github.reopen("ana", REPO, number)
    assert (await put_merge(world, number))[0] == 200
    assert (await put_merge(world, number)) == (405, (await put_merge(world, number))[1])
    assert (await put_merge(world, 77))[0] == 404
    assert (await put_merge(world, number, merge_method="octopus"))[0] == 422


async def test_readers_cannot_merge(world: World) -> None:
    number = await world.pull()
    assert (await put_merge(world, number, "dora"))[0] == 403
    assert (await put_merge(world, number, "oscar"))[0] == 404


async def test_merge_and_squash_write_what_github_writes(world: World) -> None:
    number = await world.pull("one")
    _, body = await put_merge(world, number, "ben")
    commit = await run((await world.repo()).get_commit, body["sha"])
    assert commit.commit.message == "Merge pull request #1 from acme/one\n\nPromote in one"
    assert len(commit.parents) == 2
    await world.github.push_file("ana", REPO, "two", FILE, b"uri: s3://models/43\n", "First")
    await world.github.push_file("chloe", REPO, "two", FILE, b"uri: s3://models/44\n", "Second")
    number = await world.github.open_pull("ana", REPO, "two", "main", "Two steps")
    _, body = await put_merge(world, number, "ben", merge_method="squash")
    commit = await run((await world.repo()).get_commit, body["sha"])
    assert commit.author.login == "ana"
    trailer = "Co-authored-by: Chloe <1002+chloe@users.noreply.github.com>"
    assert commit.commit.message == f"Two steps (#2)\n\n* First\n\n* Second\n\n{trailer}"


async def test_a_rebase_replays_each_commit(world: World) -> None:
    await world.github.push_file("ana", REPO, "two", FILE, b"uri: s3://models/43\n", "First\n\nTrailer: yes")
    await world.github.push_file("ana", REPO, "two", "extra.txt", b"x\n", "Second")
    number = await world.github.open_pull("ana", REPO, "two", "main", "Two steps")
    await world.github.push_file("ana", REPO, "main", "README.md", b"# Moved\n", "Meanwhile")
    status, body = await put_merge(world, number, "ben", merge_method="rebase")
    assert status == 200
    repo = await world.repo()
    log = [one.commit.message for one in await run(lambda: list(repo.get_commits())[:3])]
    assert log == ["Second", "First\n\nTrailer: yes", "Meanwhile"]
    commit = await run(repo.get_commit, body["sha"])
    assert (commit.author.login, commit.committer.login) == ("ana", "ben")


async def test_required_checks_are_pinned_to_their_app(world: World) -> None:
    world.github.protect(REPO, "main", checks({"context": "slackops/gates", "app_id": 4711}, {"context": "ci"}))
    number = await world.pull()
    head = world.github.pull(REPO, number)["head"]["sha"]
    status, body = await put_merge(world, number)
    assert status == 405
    assert 'Required status check "slackops/gates" is expected.' in body["message"]
    await world.github.set_status("ana", REPO, head, "slackops/gates", "success")
    await world.github.set_check(REPO, head, "ci", "in_progress", None)
    status, body = await put_merge(world, number)
    assert 'Required status check "slackops/gates" is expected.' in body["message"], (
        "a person cannot fake the App's check"
    )
    assert 'Required status check "ci" is pending.' in body["message"]
    await world.github.set_check(REPO, head, "ci", "completed", "success")
    app = world.with_auth(world.app_auth().get_installation_auth(99))
    commit = await run(lambda: app.get_repo(REPO).get_commit(head))
    await run(commit.create_status, "success", description="all pass", context="slackops/gates")
    assert world.github.pull(REPO, number)["mergeable_state"] == "clean"
    assert (await put_merge(world, number))[0] == 200


async def test_strict_checks_want_an_up_to_date_branch(world: World) -> None:
    world.github.protect(REPO, "main", checks({"context": "ci"}, strict=True))
    number = await world.pull()
    await world.github.push_file("root", REPO, "main", "README.md", b"# New\n", "Meanwhile")
    await world.github.set_check(REPO, world.github.pull(REPO, number)["head"]["sha"], "ci")
    assert world.github.pull(REPO, number)["mergeable_state"] == "behind"
    assert (await put_merge(world, number))[0] == 405
    pull = await run((await world.repo()).get_pull, number)
    assert await run(pull.update_branch, pull.head.sha)
    await world.github.set_check(REPO, world.github.pull(REPO, number)["head"]["sha"], "ci")
    assert (await put_merge(world, number))[0] == 200


async def test_checks_that_are_not_required_make_it_unstable(world: World) -> None:
    number = await world.pull()
    await world.github.set_check(REPO, world.github.pull(REPO, number)["head"]["sha"], "lint", "completed", "failure")
    assert world.github.pull(REPO, number)["mergeable_state"] == "unstable"
    assert (await put_merge(world, number))[0] == 200


async def test_a_method_can_be_switched_off(world: World) -> None:
    number = await world.pull()
    repo = await world.repo("root")
    await run(repo.edit, allow_merge_commit=False, delete_branch_on_merge=True)
    status, body = await put_merge(world, number)
    assert (status, body["message"]) == (405, "Merge commits are not allowed on this repository.")
    assert (await put_merge(world, number, merge_method="squash"))[0] == 200
    with pytest.raises(GithubException):
        await run(repo.get_branch, "promote")


async def test_rulesets_count_and_are_listed(world: World) -> None:
    rule = {"type": "pull_request", "parameters": {"required_approving_review_count": 2}}
    world.github.set_rules(REPO, "main", [rule, {"type": "deletion"}])
    reply = await world.request("GET", f"/repos/{REPO}/rules/branches/main")
    assert [one["type"] for one in reply.json()] == ["pull_request", "deletion"]
    number = await world.pull()
    assert "At least 2 approving reviews are required" in (await put_merge(world, number))[1]["message"]


async def test_mergeability_is_unknown_at_first_when_lazy(tmp_path: Path) -> None:
    async with running(tmp_path, lazy_mergeable=True) as world:
        number = await world.pull()
        repo = await world.repo()
        await world.github.push_file("ana", REPO, "main", "README.md", b"# Moved\n", "Moved")
        first = await run(repo.get_pull, number)
        second = await run(repo.get_pull, number)
        states = [(one.raw_data["mergeable"], one.mergeable_state) for one in (first, second)]
        assert states == [(None, "unknown"), (True, "clean")]
