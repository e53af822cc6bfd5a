"""Requests that nobody made: forged and replayed webhooks and clicks, statuses that people set. One world for all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from bot.domain.audit_verify import verify
from bot.sandbox.github.webhooks import headers
from bot.sandbox.seed.cast import REPO, TEAM_ID
from tests.scenarios.test_requests import click, send
from tests.scenarios.world import ANA, BEN, OSCAR, World

CARD = "Review: fraud-detector 3→4, production"


async def hook(world: World, event: str, payload: dict[str, Any], guid: str, secret: str | None = None) -> int:
    """A webhook, as anybody can send it who knows the address; ``secret`` None: the forge's own."""
    secret = world.sandbox.keys.webhook_secret if secret is None else secret
    doc = {"event": event, "guid": guid, "hook_id": 1, "config": {"secret": secret}}
    body = json.dumps(payload).encode()
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{world.sandbox.base_url}/webhooks/github"
        return (await client.post(url, content=body, headers=headers(doc, body))).status_code


def approved(world: World) -> dict[str, Any]:
    """What the forge would say of an approval by Ben, which nobody gave."""
    pull = world.pulls()[0]
    review = {"id": 1, "user": {"login": "ben", "id": 1_002}, "state": "approved", "body": "fine"}
    return {"action": "submitted", "review": review, "pull_request": pull, "repository": {"full_name": REPO}}


def why(world: World) -> list[str]:
    """Why things were refused, as the chain has it."""
    assert world.bot
    return [row.entry.why or "" for row in world.bot.store.audit.rows() if row.entry.outcome == "refused"]


async def test_nothing_that_nobody_said_approves(world: World) -> None:
    await world.say("/promote fraud-detector 4 production")
    card = await world.card(CARD)
    await world.settled()
    await _webhooks(world)
    await _clicks(world)
    await _statuses(world)
    assert world.bot
    assert world.pulls()[0]["state"] == "open"
    assert world.github.reviews(REPO, 1) == []
    await world.shows(card, "0 of 1 approvals")
    told = why(world)
    assert any("You asked for this change" in one for one in told), told
    assert any("not a member of this workspace" in one for one in told), told
    assert any("moved since the card" in one for one in told), told
    assert verify(list(world.bot.store.audit.rows())).whole


async def _webhooks(world: World) -> None:
    """Forged ones are refused; a signed lie, sent again and again, is only a nudge to look."""
    assert await hook(world, "pull_request_review", approved(world), "g1", "guessed") == 401
    assert await hook(world, "pull_request_review", approved(world), "g1", "") == 401
    for _ in range(3):
        assert await hook(world, "pull_request_review", approved(world), "g2") < 300
    await world.settled()


async def _clicks(world: World) -> None:
    """Ana as herself, Ben's id of another workspace, Ben on a digest that no card shows; each said twice."""
    assert world.bot
    change = world.bot.store.changes.all_open()[0]
    value = {"c": change.id, "d": change.intent.digest}
    forged = (
        (value, {"id": ANA, "team_id": TEAM_ID}),
        (value, {"id": BEN, "team_id": "T0OTHER"}),
        ({**value, "d": "0" * 64}, {"id": BEN, "team_id": TEAM_ID}),
        (value, {"id": OSCAR, "team_id": TEAM_ID}),
    )
    for number, (said, who) in enumerate(forged):
        action = {"type": "button", "action_id": "change.approve", "value": json.dumps(said)}
        fields = click(world, action, f"9.{number}")
        payload = {**json.loads(fields["payload"]), "user": who}
        for _ in range(2):
            assert (await send(world, {"payload": json.dumps(payload)})).status_code == 200
    await world.settled()


async def _statuses(world: World) -> None:
    """A person with write access says that all is well: the bot says what it knows."""
    head = world.pulls()[0]["head"]["sha"]
    token = world.sandbox.keys.tokens["ben"]
    body = {"context": "slackops/approvals", "state": "success", "description": "trust me"}
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{world.env['GITHUB_API_URL']}/repos/{REPO}/statuses/{head}"
        set_by_ben = await client.post(url, json=body, headers={"Authorization": f"Bearer {token}"})
    assert set_by_ben.status_code == 201
    async with asyncio.timeout(20):  # the forge tells of it, and the bot looks
        while world.statuses(1)["slackops/approvals"] != "pending":
            await asyncio.sleep(0.02)
    await world.settled()
