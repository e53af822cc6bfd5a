"""A real Bolt app behind the guard, and a client to it."""

from __future__ import annotations

from typing import Any

import httpx
from starlette.types import ASGIApp

from bot.adapters.slack_app import asgi_app, build_app
from bot.web import Metrics, asgi
from handlers.register import failed
from tests.support.slack_signing import SECRET


def bolt() -> tuple[ASGIApp, list[dict[str, Any]]]:
    """The app as `bot.bootstrap` sets it up, with listeners that remember what they got."""
    app = build_app("xoxb-1", SECRET, "http://127.0.0.1:9/api/", guarded=True)
    seen: list[dict[str, Any]] = []

    async def listener(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    app.command("/promote")(listener)
    app.event("app_mention")(listener)
    app.action("approve")(listener)
    app.error(failed)
    return asgi_app(app), seen


SLACK, SEEN = bolt()
APP = asgi(slack=SLACK, signing_secret=SECRET, ready=dict, metrics=Metrics(dict))


def client_of(app: ASGIApp = APP) -> httpx.AsyncClient:
    # Exceptions must surface here as 500, not in the test.
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot")
