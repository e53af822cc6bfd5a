"""The outside services that a command beside the bot may use: those that the environment configures, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError, create_model

from bot.errors import Reason, Refused, SlackOpsError
from bot.ports import GateCalls, Registry
from bot.settings import Settings
from bot.usecases.check import Directory

_MLFLOW = ("mlflow_tracking_uri", "mlflow_registry_uri", "slackops_registry_timeout")
_SLACK = ("slack_bot_token", "slack_api_url")
_DRIFT = ("drift_webhook_secret", "public_url")
_GITHUB = (
    "github_api_url",
    "github_app_id",
    "github_app_private_key",
    "github_installation_id",
    "github_token",
    "deployment_repo",
)


class NotConfigured(Refused):
    """The environment lacks what a service needs: ``message`` names it."""

    def __init__(self, message: str) -> None:
        super().__init__(Reason.BAD_USAGE, message, "Set it in the environment.")


def registry(env: Mapping[str, str]) -> Registry:
    """MLflow. Raises NotConfigured."""
    from bot.adapters.mlflow_registry import MlflowRegistry

    found = _part(env, _MLFLOW)
    return MlflowRegistry(found.mlflow_tracking_uri, found.mlflow_registry_uri, timeout=found.slackops_registry_timeout)


def gate_calls(env: Mapping[str, str]) -> GateCalls:
    """Who asks HTTP gates; without SLACKOPS_GATE_SECRET nobody is asked, and they are unknown."""
    from bot.adapters.gate_http import HttpGateCalls

    secret = _part(env, ("slackops_gate_secret",)).slackops_gate_secret
    return HttpGateCalls(secret.get_secret_value() if secret else None)


def drift_hook(env: Mapping[str, str], url: str | None) -> tuple[str, str] | None:
    """Where the bot is, and the secret of its drift webhook; None where the environment has them not. Raises
    NotConfigured for a ``url`` without a secret."""
    found = _part({**env, "PUBLIC_URL": url} if url else env, _DRIFT)
    secret = found.drift_webhook_secret
    if url and secret is None:
        raise NotConfigured("DRIFT_WEBHOOK_SECRET is not set")
    return (found.public_url, secret.get_secret_value()) if secret and found.public_url else None


def directory(env: Mapping[str, str]) -> Directory:
    """Slack's and GitHub's groups, as far as they are configured."""
    missing: dict[str, str] = {}
    chat = forge = None
    try:
        chat = _chat(env)
    except SlackOpsError as why:
        missing["slack"] = str(why)
    try:
        forge = _forge(env)
    except SlackOpsError as why:
        missing["github"] = str(why)
    return Directory(chat, forge, missing)


def _chat(env: Mapping[str, str]) -> Any:
    found = _part(env, _SLACK)
    from bot.adapters.slack_chat import SlackChat

    return SlackChat(found.slack_bot_token.get_secret_value(), found.slack_api_url)


def _forge(env: Mapping[str, str]) -> Any:
    found = _part(env, _GITHUB)
    if not found.github_token and not (found.github_app_id and found.github_app_private_key):
        raise NotConfigured("GITHUB_TOKEN is not set, nor GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY")
    from bot.bootstrap import build_credentials, build_forge

    return build_forge(found, build_credentials(found))


def _part(env: Mapping[str, str], names: tuple[str, ...]) -> Any:
    """These settings alone, checked as all of them would be. Raises NotConfigured; values are never shown."""
    fields: dict[str, Any] = {
        name: (Settings.model_fields[name].annotation, Settings.model_fields[name]) for name in names
    }
    model = create_model("Part", **fields)
    given = {name: value for name in names if (value := env.get(name.upper(), "").strip())}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0])
        word = "is not set" if first["type"] == "missing" else "is malformed"
        expected = Settings.model_fields[name].description
        raise NotConfigured(f"{name.upper()} {word}; expected {expected}") from None
