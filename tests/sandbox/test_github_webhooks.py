"""Webhooks: signed, recorded, redeliverable, and shaped as GitHub's."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.state import State
from tests.sandbox.test_github_support import REPO, World, run, running

CONTRACTS = (
    Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared/contracts")) / "github/webhooks"
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def test_reviews_are_lower_case_in_webhooks(world: World) -> None:
    number = await world.pull()
    await world.github.review("ben", REPO, number, "REQUEST_CHANGES", "no")
    body = await world.receiver.wait("pull_request_review", "submitted")
    assert body["review"]["state"] == "changes_requested"
    assert (body["sender"]["login"], body["repository"]["full_name"], body["installation"]["id"]) == ("ben", REPO, 99)


async def test_a_delivery_is_recorded_and_can_be_sent_again(world: World) -> None:
    world.receiver.status = 500
    await world.pull()
    await world.receiver.wait("pull_request", "opened")
    await world.github.webhooks.drain()
    sent = [one for one in world.github.deliveries() if one["event"] == "pull_request"]
    assert [one["status_code"] for one in sent] == [500]
    world.receiver.status = 202
    world.github.redeliver(sent[0]["id"])
    await world.receiver.wait("pull_request", "opened", count=2)
    assert len(set(world.receiver.deliveries[-1:]) & {sent[0]["guid"]}) == 1


async def test_webhooks_can_be_lost(world: World) -> None:
    await world.github.webhooks.drain()
    world.github.webhooks.enabled = False
    await world.pull("lost")
    world.github.webhooks.enabled = True
    await world.pull("seen")
    body = await world.receiver.wait("pull_request", "opened")
    assert body["pull_request"]["head"]["ref"] == "seen"


async def test_an_unreachable_receiver_is_recorded(tmp_path: Path) -> None:
    async with running(tmp_path, webhook_url="http://127.0.0.1:1/nobody") as world:
        await world.github.webhooks.drain()
        sent = world.github.deliveries()
        assert sent[0]["status_code"] == 0
        assert "ConnectError" in sent[0]["status"]


async def test_what_was_not_delivered_is_delivered_after_a_restart(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    async with running(tmp_path, state) as world:
        await world.github.webhooks.stop()
        number = await world.pull()
        head = world.github.head(REPO, "promote")
    async with running(tmp_path, state) as world:
        await world.github.webhooks.drain()
        pending = [one for one in world.github.deliveries() if one["event"] == "pull_request"]
        assert pending[0]["status"] != "pending"
        shown = world.github.pull(REPO, number)
        assert (shown["head"]["sha"], shown["title"]) == (head, "Promote in promote")


async def test_a_repositorys_own_hook_is_pinged_and_filtered(world: World) -> None:
    repo = await world.repo("root")
    config = {"url": f"{world.url}/hook", "content_type": "json", "secret": "webhook-secret"}
    hook = await run(repo.create_hook, "web", config, ["pull_request"], True)
    ping = await world.receiver.wait("ping")
    assert ping["hook_id"] == hook.id
    assert ping["hook"]["config"]["secret"] == "********"
    await world.github.webhooks.drain()
    before = len(world.receiver.all("push"))
    await world.pull()
    await world.receiver.wait("pull_request", "opened", count=2)
    await world.github.webhooks.drain()
    assert len(world.receiver.all("push")) == before + 1
    found = await run(lambda: list(repo.get_hook_deliveries(hook.id)))
    assert {one.event for one in found} == {"ping", "pull_request"}
    assert (await world.request("GET", f"/repos/{REPO}/hooks", "ana")).status_code == 403
    await run(hook.delete)


async def everything(world: World) -> None:
    """One of each webhook that a contract sample exists for."""
    number = await world.pull("one")
    pull = await run((await world.repo()).get_pull, number)
    await run(pull.add_to_labels, "bug")
    await world.github.review("ben", REPO, number, "COMMENT", "hm")
    await world.github.review("ben", REPO, number, "REQUEST_CHANGES", "no")
    await world.github.review("ben", REPO, number, "APPROVE", "yes")
    review = world.github.reviews(REPO, number)[-1]["id"]
    await run((await run(pull.get_review, review)).dismiss, "no more")
    await world.change("one", b"uri: s3://models/43\n")
    head = world.github.head(REPO, "one")
    assert head
    await world.github.set_status("ana", REPO, head, "ci", "success")
    await world.github.set_check(REPO, head, "build", summary="fine")
    await world.github.close("ana", REPO, number)
    await world.github.merge_by_hand("ben", REPO, await world.pull("two"))
    deployment = await run((await world.repo()).create_deployment, "main", required_contexts=[], auto_merge=False)
    await run(deployment.create_status, "success")
    config = {"url": f"{world.url}/hook", "content_type": "json", "secret": "webhook-secret"}
    await run((await world.repo("root")).create_hook, "web", config, ["ping"], True)
    await world.github.webhooks.drain()


def missing(sample: Any, ours: Any, path: str = "") -> list[str]:
    """Keys of the sample that ours lacks; what is null on either side has no keys to compare, nor has a map."""
    if path.endswith(".permissions"):
        return []
    if isinstance(sample, dict) and isinstance(ours, dict):
        gone = [f"{path}.{key}" for key in sample if key not in ours]
        return gone + [one for key in sample if key in ours for one in missing(sample[key], ours[key], f"{path}.{key}")]
    if isinstance(sample, list) and isinstance(ours, list) and sample and ours:
        return missing(sample[0], ours[0], f"{path}[]")
    return []


def matches(sample: dict[str, Any], body: dict[str, Any], kind: str) -> bool:
    if sample.get("action") != body.get("action"):
        return False
    if kind == "pull_request.closed.merged":
        return bool(body["pull_request"]["merged"])
    state = sample.get("review", {}).get("state")
    return "review" not in sample or state == body["review"]["state"]


@pytest.mark.skipif(not CONTRACTS.is_dir(), reason="no contracts/github/webhooks here (set SLACKOPS_CONTRACTS)")
async def test_the_bodies_have_the_keys_of_githubs_samples(world: World) -> None:
    await everything(world)
    lacks: dict[str, list[str]] = {}
    for path in sorted(CONTRACTS.glob("*.json")):
        kind = path.name.removesuffix(".json")
        sample = json.loads(path.read_text())
        bodies = [
            body for event, body in world.receiver.bodies if event == kind.split(".")[0] and matches(sample, body, kind)
        ]
        gone = min((missing(sample, body) for body in bodies), key=len, default=["never sent"])
        if gone:
            lacks[kind] = gone
    assert not lacks, json.dumps(lacks, indent=1)
