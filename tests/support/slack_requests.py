"""Slack's requests, signed as Slack signs them (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.adapters.slack_app import asgi_app, build_app
from bot.adapters.slack_blocks import render
from bot.domain.commands import Command
from bot.domain.form_check import PureFormCheck
from bot.domain.forms import Form
from bot.errors import StoreUnavailable
from handlers import Doors, register

SECRET = "shhh"
TEAM = {"team_id": "T0SANDBOX", "team_domain": "sandbox"}


@dataclass
class MemoryIntake:
    """Keeps what was put, once a key; ``down`` makes it refuse."""

    rows: dict[str, Command] = field(default_factory=dict)
    down: bool = False

    async def put(self, key: str, command: Command) -> str | None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        if key in self.rows:
            return None
        self.rows[key] = command
        return f"01{len(self.rows):024d}"


@dataclass
class MemoryDialogs:
    """Notes what was opened; ``fails`` is raised instead."""

    opened: list[tuple[str, Form, str]] = field(default_factory=list)
    fails: Exception | None = None

    async def open(self, trigger_id: str, form: Form, key: str) -> tuple[str, str | None]:
        if self.fails:
            raise self.fails
        self.opened.append((trigger_id, form, key))
        return f"V{len(self.opened)}", "h1"


class SlackSide:
    """The bot's Slack endpoint, and the requests that Slack makes to it."""

    def __init__(self, prefix: str = "") -> None:
        self.intake, self.dialogs = MemoryIntake(), MemoryDialogs()
        app = build_app("xoxb-test", SECRET, "http://127.0.0.1:9/api/")
        register(app, Doors(self.intake, self.dialogs, PureFormCheck(), render, prefix))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(asgi_app(app)), base_url="http://bot")
        self.response_url = "http://127.0.0.1:9/response"

    async def send(self, body: str, kind: str = "application/x-www-form-urlencoded", **headers: str) -> httpx.Response:
        stamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        signed = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
        return await self.http.post("/slack/events", content=body.encode(), headers={**signed, **headers})

    async def slash(self, command: str, text: str, trigger: str = "1.1", **more: str) -> httpx.Response:
        place = {"user_id": "U0ANA", "channel_id": "C0DEPLOYS", "response_url": self.response_url}
        form = {**TEAM, **place, "command": command, "text": text, "trigger_id": trigger, **more}
        return await self.send(urlencode(form))

    async def click(self, action: dict[str, Any], trigger: str = "2.1", **more: Any) -> httpx.Response:
        place = {"channel": {"id": "C0DEPLOYS", "name": "x"}, "container": {"type": "message", "message_ts": "1.1"}}
        payload = {**self.interaction("block_actions", trigger), **place, "response_url": self.response_url, **more}
        return await self.interact({**payload, "actions": [{"block_id": "b", "action_ts": "1.1", **action}]})

    async def submit(
        self, callback: str, values: dict[str, str], metadata: dict[str, str], trigger: str = "3.1"
    ) -> httpx.Response:
        state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        view = {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": json.dumps(metadata)}
        return await self.interact(
            {**self.interaction("view_submission", trigger), "view": {**view, "state": {"values": state}}}
        )

    async def mention(self, text: str, event_id: str = "Ev1", **more: str) -> httpx.Response:
        inner = {"type": "app_mention", "user": "U0ANA", "text": text, "channel": "C0DEPLOYS", "ts": "5.1", **more}
        body = {**TEAM, "type": "event_callback", "event_id": event_id, "event": inner, "authorizations": []}
        return await self.send(json.dumps(body), "application/json")

    async def interact(self, payload: dict[str, Any]) -> httpx.Response:
        return await self.send(urlencode({"payload": json.dumps(payload)}))

    @staticmethod
    def interaction(kind: str, trigger: str) -> dict[str, Any]:
        who = {"team": {"id": "T0SANDBOX"}, "user": {"id": "U0ANA", "team_id": "T0SANDBOX"}, "enterprise": None}
        return {"type": kind, **who, "trigger_id": trigger, "api_app_id": "A0", "token": "x"}
