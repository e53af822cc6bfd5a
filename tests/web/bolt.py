"""A real Bolt app behind the guard, and a client to it."""

from __future__ import annotations

from typing import Any

import httpx
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.types import ASGIApp

from bot.web import Metrics, asgi
from tests.support.slack_signing import SECRET


def bolt() -> tuple[ASGIApp, list[dict[str, Any]]]:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="UB")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)
    seen: list[dict[str, Any]] = []

    async def listener(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    app.command("/promote")(listener)
    app.event("app_mention")(listener)
    app.action("approve")(listener)
    return AsyncSlackRequestHandler(app), seen


SLACK, SEEN = bolt()
APP = asgi(slack=SLACK, signing_secret=SECRET, ready=dict, metrics=Metrics(dict))


def client_of(app: ASGIApp = APP) -> httpx.AsyncClient:
    # Exceptions must surface here as 500, not in the test.
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot")
