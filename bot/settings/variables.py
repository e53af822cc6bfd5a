"""Settings: the environment variables, read once at start and frozen.

Only bootstrap and the command line see this module; adapters take plain arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SlackOpsError
from bot.settings.types import (
    AppToken,
    BotToken,
    DatabaseUrl,
    EncryptionKeys,
    PrivateKey,
    Secret,
    ServerUrl,
    SigningSecret,
    Upper,
    Url,
    UrlWithSlash,
    optional,
)


@dataclass(frozen=True)
class Fault:
    """One environment variable that is missing or malformed, and what it should look like."""

    name: str
    message: str


class SettingsInvalid(SlackOpsError):  # noqa: N818  (told to the person who starts the bot)
    """The environment is not enough to start with. ``faults`` names every fault at once; values are never shown."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{f.name} {f.message}" for f in faults))
        self.faults = faults


class Settings(BaseSettings):
    """Every environment variable that this version reads. A field's description says what a value looks like."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: BotToken = Field(description="a bot token, xoxb-…, from the app's page OAuth & Permissions")
    slack_signing_secret: SigningSecret = optional("the signing secret from the app's page Basic Information")
    slack_app_token: AppToken = optional("an app-level token, xapp-…, with connections:write; Socket Mode only")
    slack_client_id: str | None = Field(None, pattern=r"^\S+$", description="the client id from Basic Information")
    slack_client_secret: Secret = optional("the client secret from the app's page Basic Information")
    slack_api_url: UrlWithSlash = Field("https://slack.com/api/", description="a URL, https://slack.com/api/")

    github_api_url: Url = Field("https://api.github.com", description="a URL, https://api.github.com")
    github_app_id: int | None = Field(None, gt=0, description="the App's id, a number such as 123456")
    github_app_private_key: PrivateKey = optional(
        "the App's private key: PEM text (\\n may be written out) or the path of a .pem file"
    )
    github_installation_id: int | None = Field(None, gt=0, description="the installation's id, a number")
    github_client_id: str | None = Field(None, pattern=r"^\S+$", description="the App's own client id, Iv1.…")
    github_client_secret: Secret = optional("the App's own client secret")
    github_token: Secret = optional("a token such as github_pat_…; in production a GitHub App instead")
    github_webhook_secret: Secret = optional("the secret that GitHub was given with the webhook, without spaces")

    deployment_repo: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", description="owner/name, such as acme/ml-deployments"
    )
    deployment_remote_url: str | None = Field(
        None, repr=False, min_length=1, description="where to clone and push, when it is not the forge's own"
    )

    mlflow_tracking_uri: str = Field(
        repr=False, min_length=1, description="where MLflow is: https://mlflow.example.com or sqlite:////data/mlflow.db"
    )
    mlflow_registry_uri: str | None = Field(None, repr=False, min_length=1, description="as MLFLOW_TRACKING_URI")

    mlflow_webhook_secret: Secret = optional("the secret that MLflow was given with the webhook, without spaces")

    argocd_server: ServerUrl = optional("where Argo CD's API is: https://argocd.example.com")
    argocd_token: Secret = optional("an API token of an Argo CD account that may get applications")
    argocd_webhook_token: Secret = optional("the bearer token that Argo CD's notifications send, without spaces")
    flux_webhook_secret: Secret = optional("the token of Flux's generic-hmac provider, without spaces")
    rollout_webhook_secret: Secret = optional("the bearer token, or HMAC key, of the plain rollout JSON")
    alertmanager_webhook_token: Secret = optional("the bearer token that Alertmanager sends, without spaces")
    drift_webhook_secret: Secret = optional("the bearer token, or HMAC key, of monitors that post drift")

    database_url: DatabaseUrl = optional("sqlite:////data/slackops.sqlite3 or postgresql://user:password@host/name")
    slackops_data_dir: Path = Field(Path(".slackops"), description="a directory that the bot may write to")
    slackops_encryption_keys: EncryptionKeys = Field(
        min_length=1,
        description="Fernet keys, comma-separated, the newest first; make one with: python -c "
        '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
    )
    slackops_command_prefix: str = Field(
        "", pattern=r"^[a-z0-9_-]{0,16}$", description="lower-case letters, digits, - and _, such as ml-"
    )
    slackops_lease_seconds: float = Field(30, ge=1, le=3600, description="seconds, 1 to 3600")
    slackops_poll_seconds: float = Field(60, ge=1, le=86400, description="seconds between sweeps, 1 to 86400")
    slackops_workers: int = Field(4, ge=1, le=64, description="worker threads, 1 to 64")
    slackops_registry_timeout: float = Field(10, gt=0, le=120, description="seconds, up to 120")
    slackops_gate_secret: SigningSecret = optional(
        "the key that requests to HTTP gates are signed with: 8 or more characters, without spaces"
    )
    slackops_host: str = Field(
        "127.0.0.1", min_length=1, description="the address to listen on; 0.0.0.0 in a container"
    )

    public_url: Url | None = Field(None, description="the URL that others reach the bot at")
    port: int = Field(3000, ge=0, le=65535, description="a port, 0 to 65535")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Upper] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["console", "json"] = Field("console", description="console or json")

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the data directory when none was given. May hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.slackops_data_dir / 'slackops.sqlite3').absolute()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load_settings`` hands in: no second, hidden look at the process or at a file."""
        return (init_settings,)


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read the environment; empty counts as unset. Raises SettingsInvalid with every fault at once."""
    given = {k.lower(): v.strip() for k, v in env.items() if k == k.upper() and v.strip()}
    faults = _missing_together(given)
    try:
        settings = Settings.model_validate({k: v for k, v in given.items() if k in Settings.model_fields})
    except ValidationError as error:
        named = {str(e["loc"][0]): e["type"] == "missing" for e in error.errors(include_input=False)}
        faults = [_fault(field, missing) for field, missing in named.items()] + faults
        raise SettingsInvalid(tuple(faults)) from None
    if faults:
        raise SettingsInvalid(tuple(faults))
    return settings


def _fault(field: str, missing: bool) -> Fault:
    expected = Settings.model_fields[field].description
    return Fault(field.upper(), f"is {'missing' if missing else 'malformed'}; expected {expected}")


def _missing_together(given: Mapping[str, str]) -> list[Fault]:
    """What is missing because of what else is there, or not there."""
    faults = []
    if not {"slack_signing_secret", "slack_app_token"} & given.keys():
        faults.append(_fault("slack_signing_secret", missing=True))
    app = {"github_app_id", "github_app_private_key"}
    if app & given.keys() or "github_token" not in given:
        faults += [_fault(field, missing=True) for field in sorted(app - given.keys())]
    argocd = {"argocd_server", "argocd_token"}
    if argocd & given.keys():
        faults += [_fault(field, missing=True) for field in sorted(argocd - given.keys())]
    return faults
