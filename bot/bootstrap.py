"""The only place that builds adapters and wires them: settings in, a bot out."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.adapters.argocd import ArgoCdEngine
from bot.adapters.clock import SystemClock
from bot.adapters.github import AppCredentials, Credentials, GitHubForge, TokenCredentials
from bot.adapters.gitrepo import GitMirror
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.slack_app import SocketRunner, asgi_app, build_app
from bot.adapters.slack_blocks import render
from bot.adapters.slack_chat import SlackChat, SlackDialogs
from bot.adapters.store_sql import (
    Database,
    SqlAudit,
    SqlChanges,
    SqlInbox,
    SqlIntake,
    SqlLinks,
    SqlPosts,
    SqlSignals,
    migrate,
)
from bot.domain.form_check import PureFormCheck
from bot.domain.people import Person
from bot.errors import Fatal, SlackOpsError
from bot.ports import Chat, Engine, LinkedAccount
from bot.settings import Settings
from bot.usecases.context import Context
from bot.usecases.delivery import fleet_delivery
from bot.usecases.dispatch import Dispatcher
from bot.web import Metrics, asgi
from bot.worker import Clockwork, Worker
from handlers import Doors, register
from handlers.signals import signal_webhook, sources
from handlers.webhooks import github_webhook


@dataclass(frozen=True)
class Store:
    """The database and the ports over it."""

    database: Database
    inbox: SqlInbox
    changes: SqlChanges
    links: SqlLinks
    posts: SqlPosts
    signals: SqlSignals
    audit: SqlAudit


def open_store(settings: Settings) -> Store:
    """Open the database, brought up to date. Raises StoreUnavailable."""
    settings.slackops_data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    migrate(database)
    keys = [key.get_secret_value() for key in settings.slackops_encryption_keys]
    inbox = SqlInbox(database, SystemClock())
    return Store(
        database,
        inbox,
        SqlChanges(database),
        SqlLinks(database, keys),
        SqlPosts(database),
        SqlSignals(database),
        SqlAudit(database),
    )


def save_links(settings: Settings, links: Iterable[tuple[str, str, str, str]]) -> None:
    """Link accounts: (Slack team, Slack user, GitHub login, the person's token)."""
    store = open_store(settings)
    try:
        for team, user, login, token in links:
            store.links.save(LinkedAccount(Person(team=team, user=user), login, token))
    finally:
        store.database.close()


def build_context(settings: Settings, store: Store, chat: Chat | None = None) -> Context:
    """The ports of the use cases, over Slack or another ``chat``. Nothing here talks to the outside yet."""
    credentials = build_credentials(settings)
    return Context(
        inbox=store.inbox,
        changes=store.changes,
        links=store.links,
        posts=store.posts,
        checkout=build_mirror(settings, credentials),
        forge=build_forge(settings, credentials),
        registry=MlflowRegistry(
            settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=settings.slackops_registry_timeout
        ),
        chat=chat or build_chat(settings),
        clock=SystemClock(),
        signals=store.signals,
        audit=store.audit,
        engines=build_engines(settings),
        command_prefix=settings.slackops_command_prefix,
    )


def build_engines(settings: Settings) -> dict[str, Engine]:
    """The rollout engines that can be asked, by the policy's name for them."""
    if settings.argocd_server is None or settings.argocd_token is None:
        return {}
    token = settings.argocd_token.get_secret_value()
    return {"argocd": ArgoCdEngine(settings.argocd_server, token, settings.deployment_repo)}


def build_chat(settings: Settings, timeout: float = 10.0) -> SlackChat:
    """Slack, as the bot; ``timeout`` in seconds for each call."""
    token, prefix = settings.slack_bot_token.get_secret_value(), settings.slackops_command_prefix
    return SlackChat(token, settings.slack_api_url, prefix=prefix, timeout=timeout)


def build_forge(settings: Settings, credentials: Credentials) -> GitHubForge:
    """GitHub, as an App or with a token."""
    return GitHubForge(settings.deployment_repo, credentials, settings.github_api_url)


def build_credentials(settings: Settings) -> Credentials:
    """An App's, or those of a token. The settings see to it that one of them is there."""
    key, token = settings.github_app_private_key, settings.github_token
    if settings.github_app_id and key:
        return AppCredentials(
            settings.github_app_id,
            key.get_secret_value(),
            settings.deployment_repo,
            settings.github_installation_id,
            settings.github_api_url,
        )
    return TokenCredentials(token.get_secret_value() if token else "")


def build_mirror(settings: Settings, credentials: Credentials) -> GitMirror:
    """The deployment repo's mirror; the forge's own Git server unless another is named."""
    remote = settings.deployment_remote_url or _remote_of(settings.github_api_url, settings.deployment_repo)
    return GitMirror(settings.slackops_data_dir / "mirror.git", remote, credentials=credentials.token)


def _remote_of(api_url: str, repository: str) -> str:
    """GitHub's Git server beside its API: api.github.com, or HOST/api/v3 on an own server."""
    root = api_url.removesuffix("/api/v3").replace("://api.", "://", 1)
    return f"{root}/{repository}.git"


class Bot:
    """One running bot: what answers HTTP, what works the inbox off, and the clock. Start and stop it once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = open_store(settings)
        self.context = build_context(settings, self.store)
        self.dispatcher = Dispatcher(self.context)
        clock = SystemClock()
        self.worker = Worker(
            self.store.inbox,
            self.dispatcher,
            self.dispatcher.gave_up,
            clock,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            threads=settings.slackops_workers,
            lease=settings.slackops_lease_seconds,
        )
        self.store.inbox.on_put = self.worker.wake
        self.intake = SqlIntake(self.store.database, clock, self.worker.wake)
        self.clockwork = Clockwork(self.store.inbox, self.store.signals, clock, settings.slackops_poll_seconds)
        self._socket: SocketRunner | None = None

    def web(self) -> ASGIApp:
        """The ASGI app: Slack, webhooks, health, metrics."""
        metrics = Metrics(self.store.inbox.counts, lambda: fleet_delivery(self.store.changes, self.context.clock.now()))
        signing = self.settings.slack_signing_secret
        return asgi(
            slack=asgi_app(self.slack()) if signing else None,
            signing_secret=signing.get_secret_value() if signing else None,
            ready=self.ready,
            metrics=metrics,
            routes=self._webhooks(metrics),
        )

    def _webhooks(self, metrics: Metrics) -> list[Route]:
        """One endpoint a source; those without a secret are closed."""
        settings, count = self.settings, metrics.delivery
        secrets = {
            "github": settings.github_webhook_secret,
            "argocd": settings.argocd_webhook_token,
            "flux": settings.flux_webhook_secret,
            "rollout": settings.rollout_webhook_secret,
            "alertmanager": settings.alertmanager_webhook_token,
        }
        known = {name: secret.get_secret_value() for name, secret in secrets.items() if secret is not None}
        github = github_webhook(self.intake, known.get("github"), settings.deployment_repo, count)
        engines = sources(known, settings.deployment_repo)
        return [
            Route("/webhooks/github", github, methods=["POST"]),
            *(Route(f"/webhooks/{s.name}", signal_webhook(self.intake, s, count), methods=["POST"]) for s in engines),
        ]

    def slack(self) -> AsyncApp:
        """Bolt with our listeners: the same for HTTP and Socket Mode."""
        settings, signing = self.settings, self.settings.slack_signing_secret
        token, prefix = settings.slack_bot_token.get_secret_value(), settings.slackops_command_prefix
        secret = signing.get_secret_value() if signing else None
        app = build_app(token, secret, settings.slack_api_url, guarded=True)
        doors = Doors(
            intake=self.intake,
            dialogs=SlackDialogs(token, settings.slack_api_url),
            forms=PureFormCheck(),
            render=lambda message: render(message, prefix),
            prefix=prefix,
        )
        register(app, doors)
        return app

    def ready(self) -> Mapping[str, str]:
        """Each dependency that the bot cannot take a command without: the store. The others are waited for."""
        try:
            self.store.inbox.next_due()
        except SlackOpsError as error:
            return {"store": str(error)}
        return {"store": "ok"}

    def start_intake(self) -> None:
        """Begin to write down what comes in."""
        self.intake.start()

    def start_work(self) -> None:
        """Begin to work the inbox off, and to sweep."""
        self.worker.start()
        self.clockwork.start()

    async def start_socket(self) -> None:
        """Connect by Socket Mode. Raises Fatal without an app token."""
        token = self.settings.slack_app_token
        if token is None:
            raise Fatal("Socket Mode needs SLACK_APP_TOKEN, an app-level token (xapp-…) with connections:write.")
        self._socket = SocketRunner(self.slack(), token.get_secret_value(), self.settings.slack_api_url)
        await self._socket.start()

    async def stop(self) -> None:
        """Take in no more, finish or give back what runs, close the database."""
        if self._socket:
            await self._socket.stop()
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self.clockwork.stop()
        self.worker.stop()
        self.intake.stop()
        self.store.database.close()
