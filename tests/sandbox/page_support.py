"""The page over the real workspace and forge, with a small app that answers as a bot would, on one loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.sandbox.github import Account, Collaborator, GitHub, GitHubConfig
from bot.sandbox.hooks import Hooks
from bot.sandbox.page import PERSONAS, Page, Services
from bot.sandbox.slack import ChannelSeed, UserSeed, Workspace, WorkspaceConfig
from bot.sandbox.state import State
from tests.sandbox.page_bot import PROD, REPO, App
from tests.sandbox.page_fakes import AFTER, BEFORE, BODY, FILE, FakeCluster

BOT = "slackops[bot]"
BRANCH = "slackops/promote/fraud-detector/production/4-8zq1"
EVERYONE = tuple(persona.user for persona in PERSONAS)


class World:
    """The services and the page over them; ``app_side`` is the bot of these tests."""

    def __init__(self, base: str, folder: Path) -> None:
        self.base = base
        self.workspace = Workspace(State(":memory:"), Hooks(), slack_config(base))
        self.github = GitHub(State(":memory:"), Hooks(), github_config(base, folder))
        self.cluster = FakeCluster()
        services = Services(self.workspace, self.github, self.cluster)
        self.page = Page(services, repo=REPO, personas=PERSONAS, groups=(("S0LEADS", "ml-leads"),))
        self.app_side = App(base, self.workspace.app, self.open_pull)
        self.asgi = Starlette(
            routes=[
                Mount("/sandbox/slack", self.workspace.app),
                Mount("/sandbox/github", self.github.app),
                Route("/slack/events", self.app_side.hear, methods=["POST"]),
                Mount("/", self.page.app),
            ]
        )

    async def open_pull(self) -> int:
        """A promotion as the bot would propose it, with labels, statuses and a check."""
        sha = await self.github.push_file(BOT, REPO, BRANCH, FILE, AFTER, "Promote fraud-detector 3 → 4 in production")
        title = "Promote fraud-detector 3 → 4 in production"
        number = await self.github.open_pull(BOT, REPO, BRANCH, "main", title, BODY)
        for state, text in (("pending", "Checking"), ("success", "4 of 4 gates pass")):
            await self.github.set_status(BOT, REPO, sha, "slackops/gates", state, text)
        await self.github.set_status(BOT, REPO, sha, "slackops/approvals", "pending", "0 of 2 approvals")
        await self.github.set_check(REPO, sha, "ci/lint", "completed", "failure")
        labels = {"labels": ["slackops", "promote", "env:production"]}
        forge = httpx.AsyncClient(transport=httpx.ASGITransport(self.github.app), base_url=self.base)
        async with forge as client:
            url = f"/api/v3/repos/{REPO}/issues/{number}/labels"
            reply = await client.post(url, json=labels, headers={"authorization": "Bearer ghp_bot"})
            assert reply.status_code == 200, reply.text
        return number


def slack_config(base: str) -> WorkspaceConfig:
    users = tuple(UserSeed(p.user, p.login, p.name) for p in PERSONAS)
    names = (("C0DEPLOYS", "ml-deploys", True), (PROD, "ml-production", True), ("C0RANDOM", "random", False))
    channels = tuple(ChannelSeed(key, name, EVERYONE, bot_member=bot) for key, name, bot in names)
    facts: dict[str, Any] = {"bot_token": "xoxb-page", "signing_secret": "shhh", "commands": ("/promote", "/models")}
    groups = (("S0LEADS", "ml-leads", ("U0BEN", "U0CHLOE")),)
    return WorkspaceConfig(base, f"{base}/slack/events", users=users, channels=channels, usergroups=groups, **facts)


def github_config(base: str, folder: Path) -> GitHubConfig:
    people = [Account(p.login, 100 + at, p.name, f"ghp_{p.login}") for at, p in enumerate(PERSONAS)]
    return GitHubConfig(
        base_url=base,
        html_base=base,
        data_dir=folder,
        accounts=(*people, Account(BOT, 99, "SlackOps", "ghp_bot", "Bot")),
        collaborators=tuple(Collaborator(REPO, login, "write") for login in ("ana", "ben", "chloe", BOT)),
    )


@contextlib.asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[World]:
    """A world that answers until the block ends."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    world = World(f"http://127.0.0.1:{sock.getsockname()[1]}", folder)
    await world.github.start()
    await world.github.seed_repo(REPO, {FILE: BEFORE}, "Start", "ana")
    options = uvicorn.Config(world.asgi, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=2)
    server = uvicorn.Server(options)
    task = asyncio.create_task(server.serve(sockets=[sock]))  # the socket listens once serve has bound its loop
    sock.listen()
    try:
        yield world
    finally:
        world.page.stop()
        server.should_exit = True
        await task
        await world.workspace.stop()
        await world.github.stop()
        await world.app_side.slack.aclose()
