"""One running bot: what answers HTTP, what works the inbox off, and the clock."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.adapters.clock import SystemClock
from bot.adapters.slack_app import SocketRunner, asgi_app, build_app
from bot.adapters.slack_blocks import render
from bot.adapters.slack_chat import SlackDialogs
from bot.adapters.store_sql import SqlIntake
from bot.bootstrap.context import build_context
from bot.bootstrap.store import open_store
from bot.domain.form_check import PureFormCheck
from bot.errors import Fatal, SlackOpsError
from bot.settings import Settings
from bot.usecases.ci_declared import DeclaredRepos, named_now
from bot.usecases.delivery import fleet_delivery
from bot.usecases.details import DetailsShown
from bot.usecases.dispatch import Dispatcher
from bot.usecases.linking_web import LinkingWeb
from bot.usecases.retrain_heard import retrains_at
from bot.web import Metrics, asgi
from bot.worker import Clockwork, Worker
from handlers import Doors, register
from handlers.details import details_routes
from handlers.drift import drift_webhook
from handlers.linking import link_routes
from handlers.mlflow import mlflow_webhook
from handlers.signals import signal_webhook, sources
from handlers.webhooks import github_webhook


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
        self.store.inbox.on_put = self.store.links.on_put = self.worker.wake
        self.intake = SqlIntake(self.store.database, clock, self.worker.wake)
        self.clockwork = Clockwork(
            self.store.inbox,
            self.store.signals,
            clock,
            settings.slackops_poll_seconds,
            self.store.ci_log,
            self.store.evaluations,
            lambda: self.store.registry_memory.get("") is not None,
            self.store.drift_memory,
            self.store.incident_log,
        )
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
            routes=[*self._webhooks(metrics), *self._linking(), *details_routes(DetailsShown(self.context))],
        )

    def _linking(self) -> list[Route]:
        """The way through the browser on which an account is linked."""
        secure = (self.settings.public_url or "").startswith("https://")
        return link_routes(LinkingWeb(self.context), secure=secure)

    def _webhooks(self, metrics: Metrics) -> list[Route]:
        """One endpoint a source; those without a secret are closed."""
        settings, count = self.settings, metrics.delivery
        secrets = {
            "github": settings.github_webhook_secret,
            "mlflow": settings.mlflow_webhook_secret,
            "argocd": settings.argocd_webhook_token,
            "flux": settings.flux_webhook_secret,
            "rollout": settings.rollout_webhook_secret,
            "alertmanager": settings.alertmanager_webhook_token,
            "drift": settings.drift_webhook_secret,
        }
        known = {name: secret.get_secret_value() for name, secret in secrets.items() if secret is not None}
        forge, secret = self.context.forge, known.get("github")
        github = github_webhook(
            self.intake,
            secret,
            settings.deployment_repo,
            count,
            own=lambda: forge.login,
            declared=self._declared(),
            trainings=partial(retrains_at, self.context),
        )
        engines = sources(known, settings.deployment_repo)
        return [
            Route("/webhooks/github", github, methods=["POST"]),
            Route("/webhooks/mlflow", mlflow_webhook(self.intake, known.get("mlflow"), count), methods=["POST"]),
            Route("/webhooks/drift", drift_webhook(self.intake, known.get("drift"), count), methods=["POST"]),
            *(Route(f"/webhooks/{s.name}", signal_webhook(self.intake, s, count), methods=["POST"]) for s in engines),
        ]

    def _declared(self) -> DeclaredRepos:
        """Whose CI the policy may name."""
        ctx, repo = self.context, self.dispatcher.repo
        return DeclaredRepos(lambda: named_now(ctx, repo), ctx.clock.now)

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
