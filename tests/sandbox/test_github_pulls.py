"""Pull requests as PyGithub drives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from github import GithubException

from tests.sandbox.test_github_support import FILE, REPO, World, run, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def test_a_pull_request_from_creation_to_merge(world: World) -> None:
    await world.change("promote")
    repo = await world.repo()
    pull = await run(repo.create_pull, base="main", head="promote", title="Promote", body="Why")
    assert (pull.number, pull.state, pull.user.login, pull.mergeable_state) == (1, "open", "slackops[bot]", "clean")
    assert (pull.commits, pull.changed_files, pull.additions, pull.deletions) == (1, 1, 1, 1)
    assert pull.html_url == f"{world.url}/{REPO}/pull/1"
    files = await run(lambda: list(pull.get_files()))
    assert files[0].filename == FILE
    assert files[0].patch == "@@ -1 +1 @@\n-uri: s3://models/41\n+uri: s3://models/42"
    done = await run(
        pull.merge,
        commit_title="Promote 41 → 42",
        commit_message="Why\n\nX-Trailer: 1",
        merge_method="squash",
        sha=pull.head.sha,
    )
    assert done.merged
    commit = await run(repo.get_commit, done.sha)
    assert commit.commit.message == "Promote 41 → 42\n\nWhy\n\nX-Trailer: 1"
    assert commit.author.login == "slackops[bot]"
    assert commit.commit.committer.name == "GitHub"
    assert len(commit.parents) == 1
    await run(pull.update)
    assert pull.merged
    assert pull.merge_commit_sha == done.sha
    assert world.github.head(REPO) == done.sha


async def test_open_pulls_are_found_by_head_and_paged(world: World) -> None:
    for branch in ("one", "two", "three"):
        await world.pull(branch)
    repo = await world.repo()
    named = await run(lambda: list(repo.get_pulls(state="open", head="acme:two", base="main")))
    assert [pull.number for pull in named] == [2]
    client = world.client("slackops[bot]")
    client.per_page = 2
    found = await run(client.get_repo, REPO)
    paged = found.get_pulls(state="all", sort="created", direction="asc")
    assert await run(lambda: [pull.number for pull in paged]) == [1, 2, 3]
    assert await run(lambda: paged.totalCount) == 3


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"head": "gone"}, {"resource": "PullRequest", "field": "head", "code": "invalid"}),
        ({"base": "gone"}, {"resource": "PullRequest", "field": "base", "code": "invalid"}),
        ({"head": "other:promote"}, {"resource": "PullRequest", "field": "head", "code": "invalid"}),
        ({"title": ""}, {"resource": "PullRequest", "field": "title", "code": "missing_field"}),
        (
            {},
            {"resource": "PullRequest", "code": "custom", "message": "A pull request already exists for acme:promote."},
        ),
        (
            {"head": "main"},
            {"resource": "PullRequest", "code": "custom", "message": "No commits between main and main"},
        ),
    ],
)
async def test_what_is_no_pull_request_is_refused(world: World, fields: dict[str, str], error: dict[str, str]) -> None:
    await world.pull("promote")
    body = {"head": "promote", "base": "main", "title": "T"} | fields
    reply = await world.request("POST", f"/repos/{REPO}/pulls", json=body)
    assert reply.status_code == 422
    assert reply.json()["message"] == "Validation Failed"
    assert reply.json()["errors"] == [error]


async def test_title_body_state_and_labels_can_be_changed(world: World) -> None:
    number = await world.pull()
    pull = await run((await world.repo()).get_pull, number)
    await run(pull.edit, title="Other", body="Text")
    await run(pull.add_to_labels, "slackops", "env:production", "model:fraud/detector")
    await run(pull.remove_from_labels, "slackops")
    await run(pull.update)
    assert pull.title == "Other"
    assert {label.name for label in pull.labels} == {"env:production", "model:fraud/detector"}
    await run(pull.edit, state="closed")
    await run(pull.edit, state="open")
    assert [one["event"] for one in world.github.timeline(REPO, number)] == [
        "opened", "committed", "edited", "labeled", "labeled", "labeled", "unlabeled", "closed", "reopened",
    ]  # fmt: skip


async def test_comments_and_the_diff(world: World) -> None:
    number = await world.pull()
    pull = await run((await world.repo("ana")).get_pull, number)
    await run(pull.create_issue_comment, "Hello")
    assert [one.body for one in await run(lambda: list(pull.get_issue_comments()))] == ["Hello"]
    reply = await world.request(
        "GET", f"/repos/{REPO}/pulls/{number}", headers={"Accept": "application/vnd.github.diff"}
    )
    assert reply.headers["content-type"].startswith("application/vnd.github.diff")
    assert reply.text == world.github.diff(REPO, number)
    assert "+uri: s3://models/42" in reply.text


async def test_a_conflict_is_seen_and_an_outdated_branch_can_be_updated(world: World) -> None:
    number, other = await world.pull("one"), await world.pull("two")
    await world.github.push_file("ana", REPO, "two", "README.md", b"# Changed\n", "Readme")
    await world.github.merge_by_hand("ben", REPO, number)
    assert world.github.pull(REPO, other)["mergeable"] is True
    pull = await run((await world.repo()).get_pull, other)
    assert not await run(pull.update_branch, "0" * 40)
    assert await run(pull.update_branch, pull.head.sha)
    parents = world.github.pull(REPO, other)["commits"]
    assert parents >= 2
    await world.change("main", b"uri: s3://models/77\n", "ana")
    shown = world.github.pull(REPO, other)
    assert (shown["mergeable"], shown["mergeable_state"]) == (True, "clean")
    await world.change("two", b"uri: s3://models/88\n", "ana")
    shown = world.github.pull(REPO, other)
    assert (shown["mergeable"], shown["mergeable_state"]) == (False, "dirty")
    with pytest.raises(GithubException) as refused:
        await run((await run((await world.repo()).get_pull, other)).merge)
    assert refused.value.status == 405


async def test_of_many_at_once_one_wins(world: World) -> None:
    await world.change("promote")
    body = {"head": "promote", "base": "main", "title": "T"}
    replies = await asyncio.gather(*(world.request("POST", f"/repos/{REPO}/pulls", json=body) for _ in range(6)))
    assert sorted(one.status_code for one in replies) == [201, 422, 422, 422, 422, 422]
    merges = await asyncio.gather(*(world.request("PUT", f"/repos/{REPO}/pulls/1/merge", json={}) for _ in range(4)))
    assert sorted(one.status_code for one in merges) == [200, 405, 405, 405]


async def test_search_finds_pull_requests(world: World) -> None:
    number = await world.pull()
    client = world.client("slackops[bot]")
    found = await run(lambda: list(client.search_issues(f"repo:{REPO} is:pr is:open head:promote")))
    assert [issue.number for issue in found] == [number]
    assert await run(lambda: client.search_issues(f"repo:{REPO} is:merged").totalCount) == 0
    assert await run(lambda: world.client("oscar").search_issues("is:pr").totalCount) == 0
