"""Slack's own SDK as the app: over HTTP with its signature check, and over Socket Mode."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.test_slack_support import (
    ANA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    DEPLOYS,
    SIGNING,
    World,
    actions,
    asking,
    button,
    modal,
    world,
)


class Bot:
    """A Bolt app with a command, a button and a form; told its API address once that is known."""

    def __init__(self) -> None:
        self.client = AsyncWebClient(BOT_TOKEN)
        self.app = AsyncApp(client=self.client, signing_secret=SIGNING)
        self.submitted: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.app.command("/promote")(self.promote)
        self.app.action("approve")(self.approve)
        self.app.view("comment")(self.comment)
        self.app.event("app_mention")(self.mention)

    async def promote(self, ack: Any, command: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        await ack()
        blocks = [actions(button())]
        await client.chat_postMessage(channel=command["channel_id"], text=command["text"], blocks=blocks)
        await respond("received")

    async def approve(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        form = modal(asking("comment"), callback_id="comment", private_metadata=body["message"]["ts"])
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    async def comment(self, ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        self.submitted.append(body)
        words = body["view"]["state"]["values"]["b_comment"]["comment"]["value"]
        await client.chat_update(channel=DEPLOYS, ts=body["view"]["private_metadata"], text=words, blocks=[])

    async def mention(self, event: dict[str, Any]) -> None:
        self.mentions.append(event)

    def point_to(self, w: World) -> None:
        self.client.base_url = f"{w.base}/sandbox/slack/api/"


async def story(w: World, bot: Bot) -> None:
    """A command, its receipt, a click, a form and what comes of it."""
    sent = await w.slack.slash(ANA, DEPLOYS, "/promote fraud-detector 4 production")
    assert (sent.status, sent.error) == (200, None)
    card = await w.slack.wait_for(lambda: next((m for m in w.slack.messages(DEPLOYS) if m["blocks"]), None))
    assert card["text"] == "fraud-detector 4 production"
    assert card["bot_id"] == "B0SLACKOPS"
    receipt = await w.slack.wait_for(lambda: [m for m in w.slack.messages(DEPLOYS, ANA) if m["ephemeral"]])
    assert [m["text"] for m in receipt] == ["received"]
    assert not [m for m in w.slack.messages(DEPLOYS, BEN) if m["ephemeral"]]
    assert (await w.slack.click(BEN, DEPLOYS, card["ts"], "approve")).error is None
    view = (await w.slack.wait_for(lambda: w.slack.views(BEN)))[0]
    assert (await w.slack.submit(BEN, view["id"], {"comment": "looks good"})).error is None
    assert not w.slack.views(BEN)
    done = await w.slack.wait_for(lambda: [m for m in w.slack.messages(DEPLOYS) if m["text"] == "looks good"])
    assert done[0]["edited"]
    assert bot.submitted[0]["user"]["id"] == BEN


async def test_bolt_over_http() -> None:
    bot = Bot()
    async with world(AsyncSlackRequestHandler(bot.app)) as w:
        bot.point_to(w)
        await story(w, bot)
        await w.slack.post(ANA, DEPLOYS, "@slackops promote it")
        await w.slack.settled()
        assert [e["text"] for e in bot.mentions] == ["<@U0SLACKOPS> promote it"]
        assert (await w.slack.verify_url()).error is None


async def test_bolt_refuses_a_wrong_signature() -> None:
    bot = Bot()
    async with world(AsyncSlackRequestHandler(bot.app), signing_secret="another") as w:
        bot.point_to(w)
        sent = await w.slack.slash(ANA, DEPLOYS, "/promote x 1")
        assert (sent.status, sent.error) == (401, "dispatch_failed")
        assert w.slack.messages(DEPLOYS, ANA)[-1]["text"] == '/promote failed with the error "dispatch_failed"'


async def test_bolt_over_socket_mode() -> None:
    bot = Bot()
    async with world() as w:
        bot.point_to(w)
        handler = AsyncSocketModeHandler(bot.app, APP_TOKEN)
        await handler.connect_async()
        try:
            async with asyncio.timeout(10):
                await w.slack.wait_connected()
            await story(w, bot)
            await w.slack.post(ANA, DEPLOYS, "<@U0SLACKOPS> hello")
            await w.slack.settled()
            assert len(bot.mentions) == 1
            assert not w.stub.requests
        finally:
            await handler.close_async()


async def test_bolt_comes_back_after_a_disconnect() -> None:
    bot = Bot()
    async with world() as w:
        bot.point_to(w)
        handler = AsyncSocketModeHandler(bot.app, APP_TOKEN, ping_interval=1)
        await handler.connect_async()
        try:
            async with asyncio.timeout(15):
                await w.slack.wait_connected()
                await w.slack.disconnect()
                await w.slack.wait_connected()
            assert [c.name for c in w.hooks.log].count("apps.connections.open") == 2
            await story(w, bot)
        finally:
            await handler.close_async()


async def test_sdk_uploads_a_file() -> None:
    async with world() as w:
        client = AsyncWebClient(BOT_TOKEN, base_url=f"{w.base}/sandbox/slack/api/")
        sent = await client.files_upload_v2(
            channel=DEPLOYS, content=b"PNG", filename="drift.png", initial_comment="Drift"
        )
        assert sent["files"][0]["name"] == "drift.png"
        message = w.slack.messages(DEPLOYS)[-1]
        assert (message["text"], message["files"][0]["title"]) == ("Drift", "drift.png")
        got = await w.http.get(message["files"][0]["url_private"])
        assert got.content == b"PNG"
