"""The sandbox: Slack, GitHub, a cluster, a registry and the page on one loopback port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from bot.sandbox import world
from bot.sandbox.ci import Pipeline, Trainings
from bot.sandbox.cluster import ArgoApi, Cluster, Endpoint, Pace, Signals
from bot.sandbox.github import GitHub
from bot.sandbox.hooks import Hooks
from bot.sandbox.keys import Keys, load_keys
from bot.sandbox.monitor import Monitor, Target
from bot.sandbox.page import PERSONAS, Page, Services
from bot.sandbox.proxy import Proxy
from bot.sandbox.registry import Registry, Webhooks
from bot.sandbox.seed import FAULTS, PEOPLE, REPO, seed_registry, write_history
from bot.sandbox.seed.cast import TEAM_ID, TRAINING
from bot.sandbox.seed.registry import RegistryUnavailable
from bot.sandbox.seed.training_repo import MODEL, write_training
from bot.sandbox.serving import HOST, PortInUse, Reserved, Server, bind
from bot.sandbox.slack import Workspace
from bot.sandbox.state import State

__all__ = ["Options", "PortInUse", "RegistryUnavailable", "Sandbox"]
Signalled = bool | Literal["webhooks", "polling"]
_SEEDED, _FAULTS = "repo", "faults"


@dataclass(frozen=True)
class Options:
    """What a sandbox has: the browser page, trained models (``models``: only these), the cluster's pace.

    ``unlinked``: logins of people who have linked no account yet, though the others have.
    ``signals``: "webhooks" makes the cluster post to the bot's Argo CD and Flux webhooks and gives the bot their
    secrets, "polling" lets the bot read Argo CD's API; True is both, False neither. ``followed``: whether the policy
    of the new repository names Argo CD as the engine of its rollouts, as the example's does. ``ci_seconds`` is how
    long the jobs of the training repository take.
    """

    page: bool = True
    registry: bool = True
    models: tuple[str, ...] = ()
    pace: Pace | None = None
    signals: Signalled = False
    followed: bool = True
    unlinked: tuple[str, ...] = ()
    ci_seconds: float = 3.0

    @property
    def posts(self) -> bool:
        """Whether the cluster posts its signals."""
        return self.signals in {True, "webhooks"}

    @property
    def polls(self) -> bool:
        """Whether the bot may ask Argo CD."""
        return self.signals in {True, "polling"}


class Sandbox:
    """The outside world of one bot, kept in ``data_dir`` and taken up again at the next start.

    ``port`` 0 lets the system choose; ``base_url`` and the services are there once ``start`` has returned.
    ``bot_port`` is where the bot listens, a free port when it is None; it may be set while the sandbox runs.
    """

    state: State
    keys: Keys
    workspace: Workspace
    github: GitHub
    cluster: Cluster
    registry: Registry
    ci: Pipeline
    trainings: Trainings
    monitor: Monitor
    page: Page | None

    def __init__(
        self,
        data_dir: Path,
        port: int,
        *,
        bot_port: int | None = None,
        progress: Callable[[str], None] = lambda _: None,
        options: Options | None = None,
    ) -> None:
        self.data_dir, self.hooks = data_dir.absolute(), Hooks()
        self._reserved = None if bot_port else Reserved()
        self.bot_port = self._reserved.port if self._reserved else bot_port or 0
        self.base_url = ""
        self._port, self._progress, self._options = port, progress, options or Options()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Seed what is missing, and serve. Raises PortInUse, RegistryUnavailable; then nothing is left running."""
        async with AsyncExitStack() as stack:
            sock = bind(self._port)
            stack.callback(sock.close)
            self.base_url = f"http://{HOST}:{sock.getsockname()[1]}"
            await asyncio.to_thread(self._open)
            stack.callback(self.state.close)
            await self._seed(stack)
            await self._serve(stack, sock)
            self._stack = stack.pop_all()
        self._progress(f"The sandbox answers on {self.base_url}")

    async def stop(self) -> None:
        """End everything; open pages and sockets do not hold it up. May be called twice."""
        await self._stack.aclose()
        if self._reserved:
            self._reserved.release()

    def env(self) -> dict[str, str]:
        """The bot's environment variables; PORT is the bot's own."""
        env = world.bot_env(self.base_url, self.data_dir, self.keys, self.bot_port)
        if self._options.posts:
            env |= {"ARGOCD_WEBHOOK_TOKEN": self.keys.argocd_token, "FLUX_WEBHOOK_SECRET": self.keys.flux_secret}
        if self._options.polls:
            env |= {"ARGOCD_SERVER": f"{self.base_url}/sandbox/argocd", "ARGOCD_TOKEN": self.keys.argocd_api_token}
        return env

    def links(self) -> list[tuple[str, str, str, str, int]]:
        """(Slack team, Slack user, GitHub login, GitHub token, the account's number) of everybody who is linked at
        first; who unlinks is not linked again by it."""
        tokens, linked = self.keys.tokens, [one for one in PEOPLE if one.linked and one.user]
        there = [one for one in linked if one.login not in self._options.unlinked]
        return [(TEAM_ID, one.user, one.login, tokens[one.login], one.github_id) for one in there]

    def _open(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.keys = load_keys(self.data_dir / "secrets.json")
        self.state = State(self.data_dir / "sandbox.sqlite3")

    async def _seed(self, stack: AsyncExitStack) -> None:
        self._progress("Preparing the workspace, the forge and the deployment repo")
        self.workspace = Workspace(self.state, self.hooks, world.workspace_config(self.base_url, self.keys))
        config = world.github_config(self.base_url, self.data_dir, self.keys)
        self.github = GitHub(self.state, self.hooks, config)
        stack.push_async_callback(self.github.stop)
        path = config.data_dir / f"{REPO}.git"
        await asyncio.to_thread(write_history, path, followed=self._options.followed)
        if not self.state.get("sandbox", _SEEDED):
            await self.github.seed_repo(REPO, {}, "", "kim")  # adopts the history: main is there already
            self.github.protect(REPO, "main", world.protection())
            self.state.put("sandbox", _SEEDED, REPO)
        await self._seed_training(config.data_dir)
        if self._options.registry:
            await seed_registry(self.data_dir, self._progress, self._options.models)
        signals = self._signals() if self._options.posts else None
        self.cluster = Cluster(self.state, self.github.repo_path(REPO), pace=self._options.pace, signals=signals)
        if not self.state.get("sandbox", _FAULTS):  # once: who mends a version on the page has it mended for good
            for model, version, message in FAULTS:
                self.cluster.break_version(model, version, message)
            self.state.put("sandbox", _FAULTS, True)
        target = Target(self.base_url, self.keys.drift_secret, self.keys.alertmanager_token)
        self.monitor = Monitor(self.state, target, self._serving)

    async def _seed_training(self, repos: Path) -> None:
        await asyncio.to_thread(write_training, repos / f"{TRAINING}.git")
        await self.github.seed_repo(TRAINING, {}, "", "kim")
        self.ci = Pipeline(self.state, self.github, TRAINING, self._options.ci_seconds)
        await self.ci.seed()
        webhooks = Webhooks(f"{self.base_url}/webhooks/mlflow", self.keys.mlflow_secret)
        self.registry = Registry(self.data_dir, webhooks, self._trained_from)
        self.trainings = Trainings(self.github, TRAINING, self._train_again, self._options.ci_seconds)

    async def _train_again(self, retrain: str) -> None:
        await self.registry.train(MODEL, "good", {"slackops.retrain": retrain} if retrain else {})

    def _trained_from(self, model: str) -> str:
        return (self.github.head(TRAINING) or "") if model == MODEL else ""

    def _serving(self, model: str, environment: str) -> str:
        place = (model, environment)
        found = (one for one in self.cluster.workloads() if (one["model"], one["environment"]) == place)
        return str(next((one["version"] for one in found), None) or "")

    def _signals(self) -> Signals:
        argocd = Endpoint(f"{self.base_url}/webhooks/argocd", self.keys.argocd_token)
        flux = Endpoint(f"{self.base_url}/webhooks/flux", self.keys.flux_secret)
        return Signals(world.remote_url(self.base_url), argocd=argocd, flux=flux)

    def _argocd(self) -> Starlette:
        api = ArgoApi(self.cluster, self.hooks, world.remote_url(self.base_url), self.keys.argocd_api_token)
        return api.app

    def _build(self, proxy: Proxy) -> Starlette:
        routes: list[BaseRoute] = [
            Mount("/sandbox/slack", self.workspace.app),
            Mount("/sandbox/github", self.github.app),
            Mount("/sandbox/argocd", self._argocd()),
            *proxy.routes,
        ]
        self.page = None
        if self._options.page:
            groups = tuple((key, handle) for key, handle, _ in self.workspace.config.usergroups)
            services = Services(self.workspace, self.github, self.cluster, self.registry, self.ci, self.monitor)
            self.page = Page(services, repo=REPO, personas=PERSONAS, groups=groups)
            routes.append(Mount("/", self.page.app))
        return Starlette(routes=routes)

    async def _serve(self, stack: AsyncExitStack, sock: socket.socket) -> None:
        """What is started last is stopped first: the streams, then the server, then the services behind it."""
        proxy = Proxy(lambda: self.bot_port)
        stack.push_async_callback(proxy.stop)
        await self.github.start()
        stack.push_async_callback(self.registry.stop)
        stack.push_async_callback(self.ci.stop)
        await self.ci.start()
        stack.push_async_callback(self.trainings.stop)
        await self.trainings.start()
        stack.push_async_callback(self.cluster.stop)
        await self.cluster.start(self.github.subscribe())
        server = Server(self._build(proxy), sock)
        stack.push_async_callback(server.stop)
        await server.start()
        stack.push_async_callback(self.workspace.stop)
        await self.workspace.start()
        if self.page:
            stack.callback(self.page.stop)
