"""A workspace on a real port, and an app that notes what it is sent and answers as told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from bot.sandbox.hooks import Hooks
from bot.sandbox.slack import ChannelSeed, UserSeed, Workspace, WorkspaceConfig
from bot.sandbox.state import State

ANA, BEN, OSCAR = "U0ANA", "U0BEN", "U0OSCAR"
DEPLOYS, RANDOM, SECRET = "C0DEPLOYS", "C0RANDOM", "C0SECRET"
BOT_TOKEN, APP_TOKEN, SIGNING = "xoxb-sandbox", "xapp-sandbox", "shhh"


class Server(uvicorn.Server):
    """Tells when it listens, without being asked again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def free_socket() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


@contextlib.asynccontextmanager
async def serving(app: Any, sock: socket.socket) -> AsyncIterator[str]:
    options = uvicorn.Config(app, log_level="error", lifespan="off", ws="auto")
    server = Server(options)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    await server.ready.wait()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass
class StubApp:
    """``answers`` are taken one by one; then every request is acknowledged with an empty 200."""

    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Callable[[dict[str, Any]], Awaitable[Response]] | Response] = field(default_factory=list)

    async def handle(self, request: Request) -> Response:
        body = await request.body()
        self.requests.append((dict(request.headers), body))
        answer = self.answers.pop(0) if self.answers else PlainTextResponse("")
        return answer if isinstance(answer, Response) else await answer(self.payloads[-1])

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [decoded(headers, body) for headers, body in self.requests]


def decoded(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    if headers["content-type"].startswith("application/json"):
        return json.loads(body)
    form = {k: v[0] for k, v in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form


def config(base: str, events: str, **changes: Any) -> WorkspaceConfig:
    values: dict[str, Any] = {
        "signing_secret": SIGNING,
        "bot_token": BOT_TOKEN,
        "app_token": APP_TOKEN,
        "commands": ("/promote", "/models"),
        "users": (
            UserSeed(ANA, "ana", "Ana"),
            UserSeed(BEN, "ben", "Ben"),
            UserSeed(OSCAR, "oscar", "Oscar", "UTC", True),
        ),
        "channels": (
            ChannelSeed(DEPLOYS, "ml-deploys", (ANA, BEN)),
            ChannelSeed(RANDOM, "random", (ANA, BEN, OSCAR), bot_member=False),
            ChannelSeed(SECRET, "secret", (BEN,), bot_member=False, is_private=True),
        ),
        "usergroups": (("S0LEADS", "ml-leads", (BEN,)),),
        "event_retry_delays": (0.0, 0.01, 0.02),
        "events": ("app_mention", "message.im", "app_home_opened", "user_change"),
    }
    return WorkspaceConfig(base_url=base, events_url=events, **{**values, **changes})


class Api:
    """A bare Web API client: JSON by default, as an SDK does, and the token in the header."""

    def __init__(self, base: str, client: httpx.AsyncClient) -> None:
        self.base, self.client = f"{base}/sandbox/slack/api", client

    async def raw(self, method: str, token: str | None = BOT_TOKEN, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.client.post(f"{self.base}/{method}", headers=headers, **kwargs)

    async def __call__(self, method: str, *, token: str | None = BOT_TOKEN, form: bool = False, **args: Any) -> Any:
        if form:
            data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in args.items()}
            return (await self.raw(method, token, data=data)).json()
        return (await self.raw(method, token, json=args)).json()


@dataclass
class World:
    slack: Workspace
    hooks: Hooks
    stub: StubApp
    api: Api
    http: httpx.AsyncClient
    base: str
    state: State

    async def view_from(self, user: str, view: dict[str, Any]) -> dict[str, Any]:
        """Open a modal for this person as the answer to a command."""
        await self.slack.slash(user, DEPLOYS, "/models")
        trigger = self.stub.payloads[-1]["trigger_id"]
        opened = await self.api("views.open", trigger_id=trigger, view=view)
        assert opened["ok"], opened
        return opened["view"]


@contextlib.asynccontextmanager
async def world(events: Any = None, state: State | None = None, **changes: Any) -> AsyncIterator[World]:
    """A running workspace; ``events`` is the app to deliver to, by default the stub."""
    stub, hooks, own = StubApp(), Hooks(), state or State(":memory:")
    sock = free_socket()
    base = f"http://127.0.0.1:{sock.getsockname()[1]}"
    slack = Workspace(own, hooks, config(base, f"{base}/slack/events", **changes))
    app = events or Starlette(routes=[Route("/slack/events", stub.handle, methods=["POST"])])
    site = Starlette(routes=[Mount("/sandbox/slack", slack.app), Mount("/", app)])
    async with serving(site, sock), httpx.AsyncClient(trust_env=False) as http:
        await slack.start()
        try:
            yield World(slack, hooks, stub, Api(base, http), http, base, own)
        finally:
            await slack.stop()


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def button(action_id: str = "approve", value: str = "1", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": text("Approve"), "value": value, **more}


def section(words: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(value: str) -> dict[str, Any]:
    return {"text": text(value), "value": value}


def asking(action_id: str = "reason", **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id}
    return {"type": "input", "block_id": f"b_{action_id}", "label": text("Reason"), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": text("Form"),
        "submit": text("Send"),
        "blocks": list(blocks or [asking()]),
        **more,
    }


async def slow(_payload: dict[str, Any]) -> Response:
    """Answer only when Slack has hung up: later than ``hurried`` waits."""
    await asyncio.sleep(1.5)
    return PlainTextResponse("late")


@contextlib.contextmanager
def hurried(w: World) -> Iterator[None]:
    """A shorter time for acks than three seconds, for what is meant to be late."""
    courier = w.slack._courier
    usual = courier._config
    courier._config = replace(usual, ack_seconds=0.5)
    try:
        yield
    finally:
        courier._config = usual


def answered(body: Any) -> Response:
    return JSONResponse(body)
