"""The ports of the use cases, over the outside services that the settings name."""

from __future__ import annotations

from sqlalchemy import make_url

from bot.adapters.argocd import ArgoCdEngine
from bot.adapters.attest import HmacAttest
from bot.adapters.charts import PillowCharts
from bot.adapters.clock import SystemClock
from bot.adapters.cron import SchedulerCron
from bot.adapters.drift_files import StoredFiles
from bot.adapters.gate_http import HttpGateCalls
from bot.adapters.github import AppCredentials, Credentials, GitHubCi, GitHubForge, TokenCredentials
from bot.adapters.gitrepo import GitMirror
from bot.adapters.measuring import LateMeasuring, measuring_there
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.mlflow_registry.drift import MlflowRuns
from bot.adapters.own_places import OwnPlaces
from bot.adapters.signin import GitHubSignIn, SlackOpenId
from bot.adapters.slack_chat import SlackChat
from bot.bootstrap.retraining import build_retrainers
from bot.bootstrap.store import Store
from bot.ports import Chat, Engine
from bot.ports.signin import SignIn
from bot.settings import Settings
from bot.usecases.context import Context
from bot.usecases.incidents import OpenIncidents
from bot.worker import hold


def build_context(settings: Settings, store: Store, chat: Chat | None = None) -> Context:
    """The ports of the use cases, over Slack or another ``chat``. Nothing here talks to the outside yet."""
    credentials = build_credentials(settings)
    forge, own = build_forge(settings, credentials), own_places(settings)
    return Context(
        inbox=store.inbox,
        changes=store.changes,
        links=store.links,
        posts=store.posts,
        checkout=build_mirror(settings, credentials),
        forge=forge,
        registry=MlflowRegistry(
            settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=settings.slackops_registry_timeout
        ),
        chat=chat or build_chat(settings),
        clock=SystemClock(),
        cron=SchedulerCron(),
        drift_files=StoredFiles(own),
        measuring=LateMeasuring(own) if measuring_there() else None,
        metric_runs=MlflowRuns(
            settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=settings.slackops_registry_timeout
        ),
        signals=store.signals,
        audit=store.audit,
        ci=GitHubCi(credentials, settings.github_api_url),
        ci_log=store.ci_log,
        drift_memory=store.drift_memory,
        charts=PillowCharts(),
        registry_memory=store.registry_memory,
        evaluations=store.evaluations,
        public_url=settings.public_url or "",
        subscriptions=store.subscriptions,
        attest=HmacAttest([key.get_secret_value() for key in settings.slackops_encryption_keys]),
        engines=build_engines(settings),
        gate_calls=build_gate_calls(settings),
        incidents=OpenIncidents(store.signals, store.incident_log),
        incident_log=store.incident_log,
        retrainers=build_retrainers(settings, credentials, forge),
        retrains=store.retrains,
        command_prefix=settings.slackops_command_prefix,
        signin=build_signin(settings, store),
        hold=hold,
    )


def build_signin(settings: Settings, store: Store) -> SignIn:
    """What linking accounts needs; the settings that are missing are named to whoever wants to link."""
    names = ("slack_client_id", "slack_client_secret", "github_client_id", "github_client_secret", "public_url")
    slack, github = settings.slack_client_secret, settings.github_client_secret
    return SignIn(
        SlackOpenId(settings.slack_client_id or "", slack.get_secret_value() if slack else "", settings.slack_api_url),
        GitHubSignIn(
            settings.github_client_id or "", github.get_secret_value() if github else "", settings.github_api_url
        ),
        store.starts,
        store.tokens,
        settings.public_url or "",
        tuple(name.upper() for name in names if not getattr(settings, name)),
    )


def build_gate_calls(settings: Settings) -> HttpGateCalls:
    """Who asks HTTP gates; without a secret it says so and asks nobody."""
    secret = settings.slackops_gate_secret
    return HttpGateCalls(secret.get_secret_value() if secret else None)


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


def own_places(settings: Settings) -> OwnPlaces:
    """What the bot keeps for itself: its data directory, and its database where that is a file elsewhere."""
    url = make_url(settings.database)
    files = [f"{url.database}{end}" for end in ("", "-wal", "-shm", "-journal")] if "sqlite" in url.drivername else []
    return OwnPlaces([settings.slackops_data_dir, *files])


def build_mirror(settings: Settings, credentials: Credentials) -> GitMirror:
    """The deployment repo's mirror; the forge's own Git server unless another is named."""
    remote = settings.deployment_remote_url or _remote_of(settings.github_api_url, settings.deployment_repo)
    return GitMirror(settings.slackops_data_dir / "mirror.git", remote, credentials=credentials.token)


def _remote_of(api_url: str, repository: str) -> str:
    """GitHub's Git server beside its API: api.github.com, or HOST/api/v3 on an own server."""
    root = api_url.removesuffix("/api/v3").replace("://api.", "://", 1)
    return f"{root}/{repository}.git"
