"""Check runs with annotations, workflow runs with jobs and logs, and running them again: what a bot sees of CI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.test_github_support import REPO, World, run, running

NOTE = {
    "path": "tests/test_x.py",
    "start_line": 3,
    "end_line": 3,
    "annotation_level": "failure",
    "message": "AssertionError: 1 != 2",
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def failed(world: World) -> str:
    """A commit of main whose unit tests fail and whose lint passes."""
    sha = world.github.head(REPO) or ""
    await world.github.set_check(REPO, sha, "lint")
    await world.github.set_check(
        REPO, sha, "unit-tests", "completed", "failure", "1 failed", [NOTE], "a\nb\nAssertionError: 1 != 2\n"
    )
    return sha


async def get(world: World, path: str, **params: str) -> Any:
    reply = await world.request("GET", f"/repos/{REPO}/{path}", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def job(world: World, sha: str, name: str) -> dict[str, Any]:
    found = await get(world, f"commits/{sha}/check-runs", check_name=name)
    first: dict[str, Any] = found["check_runs"][0]
    return first


async def test_annotations_are_counted_and_listed(world: World) -> None:
    whole = await job(world, await failed(world), "unit-tests")
    assert whole["output"]["annotations_count"] == 1
    assert "annotations" not in whole["output"]
    notes = await get(world, f"check-runs/{whole['id']}/annotations")
    assert [(one["path"], one["start_line"], one["message"], one["title"]) for one in notes] == [
        ("tests/test_x.py", 3, "AssertionError: 1 != 2", None)
    ]


@pytest.mark.parametrize(
    "bad",
    [{"path": ""}, {"start_line": "3"}, {"start_line": True}, {"annotation_level": "error"}, {"message": None}],
    ids="-".join,
)
async def test_an_annotation_that_is_not_one_is_refused(world: World, bad: dict[str, Any]) -> None:
    auth = world.app_auth().get_installation_auth(99)
    output = {"title": "t", "summary": "s", "annotations": [{**NOTE, **bad}]}
    body = {"name": "x", "head_sha": world.github.head(REPO), "output": output}
    headers = {"authorization": f"Bearer {await token_of(world, auth)}"}
    reply = await world.request("POST", f"/repos/{REPO}/check-runs", None, json=body, headers=headers)
    assert reply.status_code == 422


async def token_of(world: World, auth: Any) -> str:
    """An installation token: only an App may create check runs."""
    client = world.with_auth(auth)
    await run(client.get_repo, REPO)
    return str(auth.token)


async def test_the_jobs_of_a_workflow_run_are_its_check_runs(world: World) -> None:
    sha = await failed(world)
    runs = (await get(world, "actions/runs", head_sha=sha))["workflow_runs"]
    assert [(one["status"], one["conclusion"], one["head_branch"], one["run_attempt"]) for one in runs] == [
        ("completed", "failure", "main", 1)
    ]
    assert (await get(world, f"actions/runs/{runs[0]['id']}"))["head_sha"] == sha
    jobs = (await get(world, f"actions/runs/{runs[0]['id']}/jobs"))["jobs"]
    assert [(one["name"], one["conclusion"]) for one in jobs] == [("lint", "success"), ("unit-tests", "failure")]
    check = await job(world, sha, "unit-tests")
    assert check["html_url"].endswith(f"/actions/runs/{runs[0]['id']}/job/{check['id']}")
    assert jobs[1]["id"] == check["id"]


async def test_a_log_is_behind_a_link_that_needs_no_token_and_ends(world: World) -> None:
    check = await job(world, await failed(world), "unit-tests")
    reply = await world.request("GET", f"/repos/{REPO}/actions/jobs/{check['id']}/logs")
    assert reply.status_code == 302
    async with httpx.AsyncClient(trust_env=False) as client:
        assert "AssertionError: 1 != 2" in (await client.get(reply.headers["location"])).text
        assert (await client.get(reply.headers["location"] + "x")).status_code == 404


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("actions/runs/{run}/rerun", ["lint", "unit-tests"]),
        ("actions/runs/{run}/rerun-failed-jobs", ["unit-tests"]),
        ("actions/jobs/{job}/rerun", ["unit-tests"]),
        ("check-runs/{job}/rerequest", ["unit-tests"]),
        ("check-suites/{suite}/rerequest", ["lint", "unit-tests"]),
    ],
    ids=["run", "failed", "job", "check-run", "suite"],
)
async def test_what_runs_again_is_queued_as_a_new_run(world: World, path: str, names: list[str]) -> None:
    sha = await failed(world)
    before = await job(world, sha, "unit-tests")
    whole = (await get(world, "actions/runs", head_sha=sha))["workflow_runs"][0]
    filled = path.format(run=whole["id"], job=before["id"], suite=before["check_suite"]["id"])
    events = world.github.subscribe()
    assert (await world.request("POST", f"/repos/{REPO}/{filled}")).status_code == 201
    after = (await get(world, f"commits/{sha}/check-runs"))["check_runs"]
    assert sorted(one["name"] for one in after if one["status"] == "queued") == names
    assert (await job(world, sha, "unit-tests"))["id"] > before["id"]
    assert (await get(world, f"actions/runs/{whole['id']}"))["run_attempt"] == 2
    assert (await world.request("POST", f"/repos/{REPO}/{filled}")).status_code == 403  # it runs already
    async for event in events:
        if event["type"] == "rerun":
            assert sorted(event["names"]) == names
            break


async def test_nothing_that_failed_is_nothing_to_run_again(world: World) -> None:
    sha = world.github.head(REPO) or ""
    await world.github.set_check(REPO, sha, "lint")
    whole = (await get(world, "actions/runs", head_sha=sha))["workflow_runs"][0]
    reply = await world.request("POST", f"/repos/{REPO}/actions/runs/{whole['id']}/rerun-failed-jobs")
    assert (reply.status_code, reply.json()["message"]) == (403, "This workflow run cannot be retried")


async def test_a_suite_stays_with_the_branch_that_it_was_made_for(world: World) -> None:
    sha = await failed(world)
    await world.github.push_file("ana", REPO, "main", "README.md", b"more\n", "Go on")
    suites = (await get(world, f"commits/{sha}/check-suites"))["check_suites"]
    assert [suite["head_branch"] for suite in suites] == ["main"]
    runs = await get(world, f"check-suites/{suites[0]['id']}/check-runs")
    assert runs["total_count"] == 2


async def test_a_workflow_run_is_told_when_it_is_asked_for_and_when_it_ends(world: World) -> None:
    await failed(world)
    await world.github.webhooks.drain()
    told = [(body["action"], body["workflow_run"]["conclusion"]) for body in world.receiver.all("workflow_run")]
    assert told == [("requested", None), ("completed", "success"), ("completed", "failure")]


async def test_an_app_that_was_not_granted_it_may_not_run_again(world: World) -> None:
    sha = await failed(world)
    whole = (await get(world, "actions/runs", head_sha=sha))["workflow_runs"][0]
    world.github.set_app(permissions={"actions": "read", "metadata": "read"})
    token = await token_of(world, world.app_auth().get_installation_auth(99))
    headers = {"authorization": f"Bearer {token}"}
    path = f"/repos/{REPO}/actions/runs/{whole['id']}"
    assert (await world.request("GET", path, None, headers=headers)).status_code == 200
    assert (await world.request("POST", f"{path}/rerun", None, headers=headers)).status_code == 403
