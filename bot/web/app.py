"""The ASGI app: one guard, then Slack by Bolt's own adapter, and everything else by Starlette."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.guard import Gone, SlackGuard, TooLarge, answer, read_body, replay
from bot.web.metrics import CONTENT_TYPE, Metrics

SLACK_EVENTS = "/slack/events"
OK = "ok"
READY_WITHIN = 5.0
"""Seconds that the readiness of all dependencies may take to find out."""

Ready = Callable[[], Mapping[str, str]]
"""Each dependency by name: ``ok``, or a few words on what is wrong. May block."""


def asgi(
    *,
    slack: ASGIApp | None,
    signing_secret: str | None,
    ready: Ready,
    metrics: Metrics,
    routes: Sequence[BaseRoute] = (),
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[Any]] | None = None,
) -> ASGIApp:
    """The whole app. Without ``slack`` or its secret (Socket Mode) /slack/events is 404; ``routes`` are webhooks."""
    ours = [
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(ready), methods=["GET"]),
        Route("/metrics", _metrics(metrics), methods=["GET"]),
    ]
    rest = Starlette(routes=[*ours, *routes], lifespan=lifespan)
    guard = SlackGuard(slack, signing_secret) if slack is not None and signing_secret is not None else None
    known = {SLACK_EVENTS, *(r.path for r in [*ours, *routes] if isinstance(r, Route))}
    return _Front(guard, rest, metrics, frozenset(known))


class _Front:
    def __init__(self, slack: SlackGuard | None, rest: ASGIApp, metrics: Metrics, known: frozenset[str]) -> None:
        self._slack, self._rest, self._metrics, self._known = slack, rest, metrics, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in self._known else "other"
        counted = self._counted(path, send)
        try:
            body = await read_body(scope, receive)
        except TooLarge:
            await answer(counted, 413, "the body is over 1 MiB")
        except Gone:
            return
        else:
            await self._route(scope, receive, counted, body)

    async def _route(self, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        if self._slack is not None and scope["path"] == SLACK_EVENTS and scope["method"] == "POST":
            await self._slack(scope, receive, send, body)
        else:
            await self._rest(scope, replay(body, receive), send)

    def _counted(self, path: str, send: Send) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.request(path, message["status"])
            await send(message)

        return counted


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive")


def _ready(ready: Ready) -> Callable[[Request], Any]:
    async def endpoint(_request: Request) -> Response:
        found = await _ask(ready)
        fine = all(words == OK for words in found.values())
        return JSONResponse(found, status_code=200 if fine else 503)

    return endpoint


async def _ask(ready: Ready) -> dict[str, str]:
    try:
        with anyio.fail_after(READY_WITHIN):
            return dict(await anyio.to_thread.run_sync(ready, abandon_on_cancel=True))
    except TimeoutError:
        return {"readiness": f"not known within {READY_WITHIN:.0f} s"}
    except Exception as error:  # noqa: BLE001  (a probe that breaks is a dependency that is not ready)
        return {"readiness": type(error).__name__}


def _metrics(metrics: Metrics) -> Callable[[Request], Any]:
    async def endpoint(_request: Request) -> Response:
        return Response(await run_in_threadpool(metrics.text), media_type=CONTENT_TYPE)

    return endpoint
