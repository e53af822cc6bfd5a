"""The bot's own paths, handed on unchanged."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.cluster import Pace
from bot.sandbox.seed import REPO
from bot.sandbox.seed.files import example_files
from bot.sandbox.server import Options, Sandbox
from bot.sandbox.serving import Server, bind

VERBS = ["GET", "POST", "PUT", "DELETE"]


class Bot:
    """A bot that keeps what it gets; ``reply`` is its answer."""

    def __init__(self) -> None:
        self.got: list[Request] = []
        self.bodies: list[bytes] = []
        self.arrived = asyncio.Event()
        self.reply = Response("ok")
        sock = bind(0)
        self.port = int(sock.getsockname()[1])
        self.server = Server(Starlette(routes=[Route("/{rest:path}", self.take, methods=VERBS)]), sock)

    async def take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.got.append(request)
        self.arrived.set()
        return self.reply


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    made = Bot()
    await made.server.start()
    yield made
    await made.server.stop()


@pytest.fixture
async def sandbox(tmp_path: Path, bot: Bot) -> AsyncIterator[Sandbox]:
    options = Options(page=False, registry=False, pace=Pace(0, 0), signals=True)
    made = Sandbox(tmp_path, 0, bot_port=bot.port, options=options)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, base_url=sandbox.base_url) as client:
        yield client


async def test_body_query_and_headers_arrive_as_they_were_sent(bot: Bot, http: httpx.AsyncClient) -> None:
    raw, signed = b"text=%2Fpromote+\xff&x=1", {"X-Slack-Signature": "v0=abc", "X-Slack-Retry-Num": "1"}
    bot.reply = Response("no", 418, {"x-slack-no-retry": "1", "set-cookie": "a=1"})
    reply = await http.post("/slack/events?a=%2F&b", content=raw, headers=signed)
    assert (reply.status_code, reply.text) == (418, "no")
    assert (reply.headers["x-slack-no-retry"], reply.headers["set-cookie"]) == ("1", "a=1")
    request = bot.got[0]
    assert bot.bodies[0] == raw
    assert request.scope["query_string"] == b"a=%2F&b"
    assert request.headers["x-slack-signature"] == "v0=abc"
    assert request.headers["x-slack-retry-num"] == "1"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/webhooks/github", "/slack/install", "/link/x"])
async def test_every_path_of_the_bot_reaches_it(bot: Bot, http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).text == "ok"
    assert bot.got[0].url.path == path


async def test_other_paths_do_not(bot: Bot, http: httpx.AsyncClient) -> None:
    assert (await http.get("/admin")).status_code == 404
    assert bot.got == []


async def test_while_the_bot_is_down_it_says_so_and_then_works_again(
    bot: Bot, sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    assert (await http.get("/healthz")).status_code == 200
    await bot.server.stop()
    down = await http.get("/healthz")
    assert down.status_code == 503
    assert f"nothing listens on 127.0.0.1:{bot.port}" in down.text
    again = Bot()
    await again.server.start()
    sandbox.bot_port = again.port
    assert (await http.get("/healthz")).status_code == 200
    await again.server.stop()


async def test_a_bot_that_dies_before_it_answers_is_a_502(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    sandbox.bot_port = server.sockets[0].getsockname()[1]
    assert (await http.get("/healthz")).status_code == 502
    server.close()


async def test_a_cookie_of_one_browser_is_not_sent_for_another(bot: Bot, http: httpx.AsyncClient) -> None:
    bot.reply = Response("ok", headers={"set-cookie": "slackops_link=secret; Path=/"})
    assert (await http.get("/link/start")).headers["set-cookie"] == "slackops_link=secret; Path=/"
    http.cookies.clear()
    await http.get("/link/start")
    assert "cookie" not in bot.got[-1].headers


async def test_a_slash_command_arrives_with_a_signature(bot: Bot, sandbox: Sandbox) -> None:
    bot.reply = Response()
    outcome = await sandbox.workspace.slash("U0ANA", "C0PROD", "/promote fraud-detector 4 production")
    assert outcome.ok
    assert bot.got[0].headers["x-slack-signature"].startswith("v0=")
    assert b"command=%2Fpromote" in bot.bodies[0]


async def test_a_push_arrives_as_a_webhook_and_the_cluster_signals(bot: Bot, sandbox: Sandbox) -> None:
    path = "services/churn/values-staging.yaml"
    content = example_files()[path].replace(b'version: "17"', b'version: "16"')
    await sandbox.github.push_file("kim", REPO, "main", path, content, "Back")
    wanted = {"/webhooks/github", "/webhooks/argocd", "/webhooks/flux"}
    async with asyncio.timeout(20):
        while not wanted <= {request.url.path for request in bot.got}:
            bot.arrived.clear()
            await bot.arrived.wait()
    by_path = {request.url.path: (request, body) for request, body in zip(bot.got, bot.bodies, strict=True)}
    request, body = by_path["/webhooks/github"]
    assert request.headers["x-hub-signature-256"].startswith("sha256=")
    assert json.loads(body)["pusher"]["name"] == "kim"
    env = sandbox.env()
    assert by_path["/webhooks/argocd"][0].headers["authorization"] == f"Bearer {env['ARGOCD_WEBHOOK_TOKEN']}"


async def test_the_first_start_tells_the_bot_nothing_of_the_past(bot: Bot, sandbox: Sandbox) -> None:
    await sandbox.github.webhooks.drain()
    assert bot.got == []
