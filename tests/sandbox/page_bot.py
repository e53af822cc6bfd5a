"""The app of the page's tests: answers deliveries with cards, receipts and forms."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.sandbox.page_cards import ask_form, card, loading, reason_form

REPO = "acme/ml-deployments"
PROD = "C0PROD"
Payload = dict[str, Any]


class App:
    """``heard`` is what it was sent, in order."""

    def __init__(self, base: str, slack: Starlette, open_pull: Callable[[], Awaitable[int]]) -> None:
        self.base, self.heard, self._open_pull = base, asyncio.Queue[Payload](), open_pull
        headers = {"authorization": "Bearer xoxb-page"}
        self.slack = httpx.AsyncClient(transport=httpx.ASGITransport(slack), base_url=base, headers=headers)

    async def api(self, method: str, **body: Any) -> Payload:
        reply: Payload = (await self.slack.post(f"/api/{method}", json=body)).json()
        assert reply["ok"], reply
        return reply

    async def say(self, *blocks: Payload, text: str = "Said", **fields: Any) -> str:
        sent = await self.api("chat.postMessage", channel=PROD, text=text, blocks=list(blocks), **fields)
        return str(sent["ts"])

    async def next(self) -> Payload:
        return await asyncio.wait_for(self.heard.get(), 10)

    async def hear(self, request: Request) -> Response:
        """What the app does about a delivery; its answer is the ack."""
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        body = json.loads(form["payload"]) if "payload" in form else form
        self.heard.put_nowait(body)
        if body.get("type") == "view_submission":
            return submitted(body["view"])
        if body.get("type") == "block_actions":
            await self.acted(body, body["actions"][0]["action_id"])
        elif body.get("command"):
            await self.commanded(body)
        return PlainTextResponse("")

    async def commanded(self, body: Payload) -> None:
        if body["command"] == "/models":
            text = "Not proposed: churn 17, production. log_loss 4% worse than 16; limit 1%."
            await self.api("chat.postEphemeral", channel=body["channel_id"], user=body["user_id"], text=text)
        else:
            number = await self._open_pull()
            await self.say(*card(f"{self.base}/{REPO}/pull/{number}"))

    async def acted(self, body: Payload, action: str) -> None:
        if action == "ask":
            view = (await self.api("views.open", trigger_id=body["trigger_id"], view=loading()))["view"]
            await self.api("views.update", view_id=view["id"], hash=view["hash"], view=ask_form())
        elif action.startswith("rollback."):
            async with httpx.AsyncClient(trust_env=False) as client:
                await client.post(body["response_url"], json={"delete_original": True})
        elif action == "request_changes":
            await self.api("views.open", trigger_id=body["trigger_id"], view=reason_form())
        elif action == "approve":
            where = {"channel": PROD, "ts": body["message"]["ts"]}
            await self.api("chat.update", **where, text="Approved", blocks=card(f"{self.base}/{REPO}/pull/1", "1 of 2"))
            await self.say(thread_ts=where["ts"], text=f"<@{body['user']['id']}> approved.")


def submitted(view: Payload) -> Response:
    values = {key: value for block in view["state"]["values"].values() for key, value in block.items()}
    if values.get("reason", {}).get("value") == "no":
        return JSONResponse({"response_action": "errors", "errors": {"why": "Say a little more."}})
    return PlainTextResponse("")
