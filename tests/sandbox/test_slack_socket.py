"""Socket Mode's fine print, with a bare websocket client."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.sandbox.test_slack_support import ANA, APP_TOKEN, DEPLOYS, World, hurried, world


async def url(w: World) -> str:
    return (await w.api("apps.connections.open", token=APP_TOKEN))["url"]


async def received(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(await socket.recv())


async def test_hello_and_a_single_use_address() -> None:
    async with world() as w:
        address = await url(w)
        async with connect(address, proxy=None) as socket:
            hello = await received(socket)
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            assert hello["connection_info"]["app_id"] == "A0SLACKOPS"
            with pytest.raises(InvalidStatus):
                await connect(address, proxy=None)


async def test_an_eleventh_connection_is_sent_away() -> None:
    async with world(socket_connections=1) as w, connect(await url(w), proxy=None) as first:
        assert (await received(first))["type"] == "hello"
        async with connect(await url(w), proxy=None) as second:
            away = await received(second)
            assert (away["type"], away["reason"]) == ("disconnect", "too_many_websockets")


async def test_envelopes_go_round_and_carry_answers() -> None:
    async with world() as w, connect(await url(w), proxy=None) as one, connect(await url(w), proxy=None) as two:
        for socket in (one, two):
            await received(socket)
        for socket in (one, two):
            typing = w.slack.slash(ANA, DEPLOYS, "/models")
            outcome = await answer(typing, socket, {"text": "seen"})
            assert (outcome.status, outcome.body, outcome.error) == (200, {"text": "seen"}, None)
        assert [m["text"] for m in w.slack.messages(DEPLOYS, ANA)] == ["seen", "seen"]
        assert not w.stub.requests


async def answer(act: Any, socket: ClientConnection, payload: dict[str, Any] | None) -> Any:
    """Acknowledge what this act sends, after some noise that is no ack."""
    task = asyncio.create_task(act)
    envelope = await received(socket)
    assert envelope["accepts_response_payload"] is (envelope["type"] != "events_api")
    await socket.send("[]")
    await socket.send(json.dumps({"envelope_id": "unknown"}))
    await socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": payload}))
    return await task


async def test_events_come_again_with_their_attempt() -> None:
    async with world() as w, connect(await url(w), proxy=None) as socket:
        await received(socket)
        with hurried(w):
            await w.slack.post(ANA, DEPLOYS, "@slackops hi")
            first, second = await received(socket), await received(socket)
        await socket.send(json.dumps({"envelope_id": second["envelope_id"]}))
        assert (first["retry_attempt"], second["retry_attempt"], second["retry_reason"]) == (0, 1, "timeout")
        assert first["payload"] == second["payload"]


async def test_a_lost_connection_fails_the_command_and_http_takes_over() -> None:
    async with world() as w:
        async with connect(await url(w), proxy=None) as socket:
            await received(socket)
            await socket.send("no JSON")
            await socket.wait_closed()
        outcome = await w.slack.slash(ANA, DEPLOYS, "/models")
        assert (outcome.error, len(w.stub.requests)) == (None, 1)
