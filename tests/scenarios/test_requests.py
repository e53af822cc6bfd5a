"""Requests that Slack did not make, or made twice, and buttons with values that are not ours."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.sandbox.slack.signing import signed_headers
from tests.scenarios.world import ANA, BEN, PROD, World, everything

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VALUES = (
    "",
    "nonsense",
    "[" * 2000,
    "[1, 2]",
    '"c"',
    '{"c": 7, "d": {}}',
    '{"c": "../../etc", "d": ""}',
    '{"c": null, "do": "close"}',
)
UNKNOWN = '{"c": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "d": "' + "0" * 64 + '", "do": "close"}'


async def send(world: World, fields: dict[str, str], *, at: float | None = None, secret: str = "") -> httpx.Response:
    """One request to the bot, signed."""
    body = urlencode(fields).encode()
    headers = signed_headers(secret or world.sandbox.keys.signing_secret, body, at) | FORM
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{world.sandbox.base_url}/slack/events", content=body, headers=headers)


def command(world: World, trigger: str = "1.2.3") -> dict[str, str]:
    """The body of a promotion."""
    return {
        "command": "/promote",
        "text": "fraud-detector 4 production",
        "team_id": world.slack.config.team_id,
        "user_id": ANA,
        "channel_id": PROD,
        "trigger_id": trigger,
        "response_url": response_url(world, ANA),
    }


def response_url(world: World, user: str) -> str:
    return world.slack.services.responses.issue(user, PROD)


def click(world: World, action: dict[str, Any], trigger: str) -> dict[str, str]:
    """The body of a click on a button."""
    who = {"id": BEN, "team_id": world.slack.config.team_id}
    payload = {
        "type": "block_actions",
        "team": {"id": world.slack.config.team_id},
        "user": who,
        "channel": {"id": PROD, "name": "ml-production"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": PROD},
        "trigger_id": trigger,
        "response_url": response_url(world, BEN),
        "actions": [{"block_id": "b", "action_ts": "1.1", **action}],
    }
    return {"payload": json.dumps(payload)}


async def test_signature_age_and_replay(world: World):
    body = command(world)
    assert (await send(world, body, secret="somebody else's")).status_code == 401
    assert (await send(world, body, at=time.time() - 301)).status_code == 401
    assert (await send(world, body, at=time.time() + 360)).status_code == 401
    await world.settled()
    assert world.pulls() == []
    answers = [await send(world, body) for _ in range(3)]
    assert [(a.status_code, a.text) for a in answers] == [(200, "")] * 3
    await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    assert (await send(world, body)).status_code == 200
    await world.settled()
    assert len(world.pulls()) == 1
    assert len(world.branches()) == 2


async def test_buttons_with_values_that_are_not_ours(world: World):
    done = await world.say("/promote ltv 4 production")
    card = await world.card("Review: ltv 3→4, production")
    for number, value in enumerate(VALUES):
        told = len(world.slack.messages(PROD, viewer=BEN))
        for action in ("change.approve", "change.request_changes"):
            pressed = {"action_id": action, "type": "button", "value": value}
            assert (await send(world, click(world, pressed, f"{number}.{action}"))).status_code == 200
        chosen = {"action_id": "change.more", "type": "overflow", "selected_option": {"value": value}}
        assert (await send(world, click(world, chosen, f"{number}.more"))).status_code == 200

        def all_told(before: int = told) -> bool:
            return len(world.slack.messages(PROD, viewer=BEN)) == before + 3

        await world.until(all_told, f"three refusals of {value[:40]!r}")
    assert "unknown_change" in everything(world.slack.messages(PROD, viewer=BEN)[-1])
    pressed = {"action_id": "change.approve", "type": "button", "value": UNKNOWN}
    assert (await send(world, click(world, pressed, "x.1"))).status_code == 200
    await world.whisper("This change is not known here", BEN)
    await world.settled()
    again = await world.slack.redeliver(done.id)
    assert again.error is None
    await world.settled()
    assert len(world.pulls()) == 1
    assert world.github.reviews("acme/ml-deployments", 1) == []
    assert world.slack.views(BEN) == []
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
