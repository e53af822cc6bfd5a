"""Workflows that are started by hand: dispatches, their runs, and what GitHub refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.test_github_support import REPO, World, running

FILE = ".github/workflows/train.yml"
TRAIN = b"""name: train
run-name: Train ${{ inputs.mark }}
on:
  workflow_dispatch:
    inputs:
      mark: {type: string}
      needed: {type: string, required: true}
      filled: {type: string, required: true, default: x}
"""
FILES = {
    FILE: TRAIN,
    ".github/workflows/push.yml": b"on: [push]\n",
    ".github/workflows/plain.yaml": b"on: workflow_dispatch\n",
    ".github/workflows/broken.yml": b"on: [\n",
}
RUNS = f"/repos/{REPO}/actions/workflows/train.yml/runs"
BODY: dict[str, Any] = {"ref": "main", "inputs": {"mark": "one", "needed": "y"}}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        for path, content in FILES.items():
            await found.github.push_file("root", REPO, "main", path, content, f"Add {path}")
        yield found


async def dispatch(world: World, body: dict[str, Any], workflow: str = "train.yml") -> tuple[int, Any]:
    reply = await world.request("POST", f"/repos/{REPO}/actions/workflows/{workflow}/dispatches", json=body)
    return reply.status_code, reply.json() if reply.content else None


async def test_a_dispatch_is_a_queued_run_that_can_be_found_and_ends(world: World) -> None:
    assert await dispatch(world, BODY) == (204, None)
    status, told = await dispatch(world, BODY | {"return_run_details": True})
    assert (status, sorted(told)) == (200, ["html_url", "run_url", "workflow_run_id"])
    listed = (await world.request("GET", RUNS, params={"event": "workflow_dispatch"})).json()
    assert listed["total_count"] == 2
    run = listed["workflow_runs"][0]
    assert run["id"] == told["workflow_run_id"]
    assert (run["display_title"], run["event"], run["path"]) == ("Train one", "workflow_dispatch", FILE)
    assert (run["status"], run["run_number"], run["actor"]["login"]) == ("queued", 2, "slackops[bot]")
    assert run["head_sha"] == world.github.head(REPO)
    await world.github.move_run(REPO, run["id"], "completed", "success")
    told = await world.receiver.wait("workflow_run", "completed")
    assert (told["workflow_run"]["id"], told["workflow"]["path"]) == (run["id"], FILE)
    ended = (await world.request("GET", f"/repos/{REPO}/actions/runs/{run['id']}")).json()
    assert (ended["status"], ended["conclusion"]) == ("completed", "success")
    assert (await world.request("GET", f"/repos/{REPO}/actions/runs/{run['id']}/jobs")).json()["total_count"] == 0


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"created": ">=2000-01-01T00:00:00Z"}, 1),
        ({"created": ">=2999-01-01T00:00:00Z"}, 0),
        ({"event": "push"}, 0),
        ({"actor": "slackops[bot]", "status": "queued"}, 1),
        ({"branch": "other"}, 0),
    ],
    ids=["since", "later", "event", "actor", "branch"],
)
async def test_runs_are_listed_by_what_is_asked(world: World, params: dict[str, str], count: int) -> None:
    await dispatch(world, BODY)
    assert (await world.request("GET", RUNS, params=params)).json()["total_count"] == count


@pytest.mark.parametrize(
    ("workflow", "body", "status", "words"),
    [
        ("absent.yml", BODY, 404, "Not Found"),
        ("push.yml", {"ref": "main"}, 422, "does not have 'workflow_dispatch'"),
        ("broken.yml", {"ref": "main"}, 422, "does not have 'workflow_dispatch'"),
        ("train.yml", BODY | {"ref": "gone"}, 422, "No ref found for: gone"),
        ("train.yml", {"ref": "main", "inputs": {"needed": "y", "no": "1"}}, 422, 'Unexpected inputs provided: ["no"]'),
        ("train.yml", {"ref": "main"}, 422, "Required input 'needed' not provided"),
    ],
    ids=["absent", "not-by-hand", "broken", "ref", "unexpected", "required"],
)
async def test_what_cannot_be_started(
    world: World, workflow: str, body: dict[str, Any], status: int, words: str
) -> None:
    got, told = await dispatch(world, body, workflow)
    assert (got, words in told["message"]) == (status, True), told


async def test_a_workflow_without_inputs_is_known_by_its_number_too(world: World) -> None:
    assert (await dispatch(world, {"ref": "main"}, "plain.yaml"))[0] == 204
    runs = (await world.request("GET", f"/repos/{REPO}/actions/runs")).json()["workflow_runs"]
    assert (await dispatch(world, {"ref": "main"}, str(runs[0]["workflow_id"])))[0] == 204


async def test_who_may_not_write_may_not_start_it(world: World) -> None:
    reply = await world.request("POST", f"/repos/{REPO}/actions/workflows/train.yml/dispatches", "dora", json=BODY)
    assert reply.status_code == 403
