"""A forge on a real port with the demo's people, a receiver of its webhooks, PyGithub clients and a git command."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from github import Auth, Github
from github.Repository import Repository
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.sandbox.github import Account, AppSeed, Collaborator, GitHub, GitHubConfig, Org, Permission, Team
from bot.sandbox.hooks import Hooks
from bot.sandbox.state import State

T = TypeVar("T")
REPO = "acme/ml-deployments"
SECRET = "webhook-secret"
APP_ID, INSTALLATION = 4711, 99
FILE = "models/fraud-detector/production/inferenceservice.yaml"
FILES = {
    FILE: b"uri: s3://models/41\n",
    "README.md": b"# Deployments\n",
    "models/churn/staging/values.yaml": b"version: 3\n",
}
TOKENS = {login: f"ghp_{login}" for login in ("ana", "ben", "chloe", "dora", "oscar", "root", "slackops[bot]")}


@cache
def key_pair() -> tuple[str, str]:
    """(private, public) PEM of the App."""
    key = generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@dataclass
class Receiver:
    """Takes webhooks, checks their signature, and lets a test wait for one."""

    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    status: int = 202
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: Request) -> Response:
        raw = await request.body()
        expected = "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(expected, request.headers["x-hub-signature-256"])
        async with self.arrived:
            self.bodies.append((request.headers["x-github-event"], json.loads(raw)))
            self.deliveries.append(request.headers["x-github-delivery"])
            self.arrived.notify_all()
        return Response(status_code=self.status)

    def all(self, event: str, action: str | None = None) -> list[dict[str, Any]]:
        return [body for kind, body in self.bodies if kind == event and action in (None, body.get("action"))]

    async def wait(self, event: str, action: str | None = None, count: int = 1) -> dict[str, Any]:
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.all(event, action)) >= count)
            return self.all(event, action)[count - 1]


@dataclass
class World:
    """The forge and what surrounds it."""

    github: GitHub
    url: str
    hooks: Hooks
    receiver: Receiver
    folder: Path

    @property
    def api(self) -> str:
        return f"{self.url}/sandbox/github/api/v3"

    def client(self, login: str) -> Github:
        return self.with_auth(Auth.Token(TOKENS[login]))

    def with_auth(self, auth: Any) -> Github:
        return Github(base_url=self.api, auth=auth, seconds_between_requests=None, seconds_between_writes=0, retry=None)

    def app_auth(self) -> Auth.AppAuth:
        return Auth.AppAuth(APP_ID, key_pair()[0])

    async def repo(self, login: str = "slackops[bot]") -> Repository:
        return await run(self.client(login).get_repo, REPO)

    def remote(self, login: str = "slackops[bot]") -> str:
        return f"{self.url.replace('//', f'//x-access-token:{TOKENS[login]}@')}/sandbox/github/{REPO}.git"

    async def git(self, *args: str, cwd: Path | None = None, ok: bool = True) -> str:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
        who = {f"GIT_{role}_{key}": "dev@x.io" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            "git", *args, cwd=cwd or self.folder, stdout=pipe, stderr=asyncio.subprocess.STDOUT, env=env | who
        )
        output = (await process.communicate())[0].decode()
        assert (process.returncode == 0) is ok, output
        return output

    async def clone(self, login: str = "slackops[bot]", name: str = "work") -> Path:
        await self.git("clone", "--quiet", self.remote(login), name)
        return self.folder / name

    async def change(self, branch: str, content: bytes = b"uri: s3://models/42\n", login: str = "slackops[bot]") -> str:
        """One commit on a branch."""
        return await self.github.push_file(login, REPO, branch, FILE, content, f"Change {branch}")

    async def pull(self, branch: str = "promote", login: str = "slackops[bot]") -> int:
        """A branch with one commit, and its pull request."""
        await self.change(branch, login=login)
        return await self.github.open_pull(login, REPO, branch, "main", f"Promote in {branch}", "Because.")

    async def request(
        self, verb: str, path: str, login: str | None = "slackops[bot]", **options: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKENS[login]}"} if login else {}
        async with httpx.AsyncClient(base_url=self.api, trust_env=False) as client:
            return await client.request(
                verb, f"{self.api}{path}", headers=headers | options.pop("headers", {}), **options
            )


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def configuration(url: str, folder: Path, **changes: Any) -> GitHubConfig:
    names = {"ana": "Ana", "ben": "Ben", "chloe": "Chloe", "dora": "Dora", "oscar": "Oscar", "root": "Root"}
    accounts = [Account(login, 1000 + at, name, TOKENS[login]) for at, (login, name) in enumerate(names.items())]
    rights: dict[str, Permission] = {"ana": "write", "ben": "write", "chloe": "write", "dora": "read", "root": "admin"}
    fields: dict[str, Any] = {
        "base_url": url,
        "html_base": url,
        "data_dir": folder / "repos",
        "webhook_url": f"{url}/hook",
        "webhook_secret": SECRET,
        "accounts": (*accounts, Account("slackops[bot]", 2000, "SlackOps", TOKENS["slackops[bot]"], "Bot")),
        "orgs": (Org("acme", 1, ("ana",), (Team("ml-leads", "ML leads", ("ben", "chloe")),)),),
        "collaborators": tuple(Collaborator(REPO, login, right) for login, right in rights.items()),
        "apps": (AppSeed(APP_ID, "slackops", key_pair()[1], INSTALLATION, (REPO,)),),
    }
    return GitHubConfig(**(fields | changes))


@contextlib.asynccontextmanager
async def running(folder: Path, state: State | None = None, **changes: Any) -> AsyncIterator[World]:
    """A forge with one seeded repository."""
    # asyncio switches Nagle's delay off only on sockets that name their protocol: 40 ms a reply otherwise.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    hooks, receiver = Hooks(), Receiver()
    github = GitHub(state or State(":memory:"), hooks, configuration(url, folder, **changes))
    app = Starlette(routes=[Mount("/sandbox/github", github.app), Route("/hook", receiver.take, methods=["POST"])])
    server = Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[sock]))
    await server.ready.wait()
    await github.start()
    await github.seed_repo(REPO, FILES, "Start", "root")
    try:
        yield World(github, url, hooks, receiver, folder)
    finally:
        await github.stop()
        server.should_exit = True
        await task


async def run(work: Callable[..., T], *args: Any, **named: Any) -> T:
    """A blocking call, off the loop that also serves the forge."""
    return await asyncio.to_thread(work, *args, **named)
