"""What a sandbox workspace consists of before anybody does anything, and what a delivery to the app came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.scopes import EVERY


@dataclass(frozen=True)
class UserSeed:
    """A member; ``tz`` is an IANA zone. A guest is Slack's multi-channel guest, an ultra guest its single-channel one.

    A stranger belongs to another organisation and is seen through Slack Connect; a bot is another app's bot user.
    """

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    is_guest: bool = False
    email: str = ""
    is_ultra_guest: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class ChannelSeed:
    """A channel as it is created at the first start; later membership is kept in the state."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    bot_member: bool = True
    is_private: bool = False
    topic: str = ""


@dataclass(frozen=True)
class WorkspaceConfig:
    """Ids, secrets, people and limits of one workspace with one installed app.

    ``base_url`` is the sandbox's own address (scheme, host, port), ``events_url`` the app's request URL. Sign in with
    Slack works for the ``client_id`` and leads back to one of the ``redirect_urls``; ``openid_key`` (RSA, PEM)
    signs its tokens. ``scopes`` are those of the bot token at the start. Times are in seconds; their
    defaults are Slack's (https://docs.slack.dev/apis/events-api/#retries and
    https://docs.slack.dev/interactivity/handling-user-interaction).
    """

    base_url: str
    events_url: str
    team_id: str = "T0SANDBOX"
    signing_secret: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    bot_user_id: str = "U0SLACKOPS"
    app_id: str = "A0SLACKOPS"
    commands: tuple[str, ...] = ()
    users: tuple[UserSeed, ...] = ()
    channels: tuple[ChannelSeed, ...] = ()
    usergroups: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    bot_id: str = "B0SLACKOPS"
    bot_name: str = "slackops"
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    openid_key: str = field(default="", repr=False)
    redirect_urls: tuple[str, ...] = ()
    verification_token: str = field(default="sandbox-verification", repr=False)
    events: tuple[str, ...] = ("app_mention",)
    scopes: tuple[str, ...] = EVERY
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    event_retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    enforce_rate_limits: bool = False
    post_burst: int = 5
    response_url_uses: int = 5
    response_url_seconds: float = 1800.0
    socket_connections: int = 10

    @property
    def slack_url(self) -> str:
        """Where the Slack part of the sandbox is mounted."""
        return f"{self.base_url.rstrip('/')}/sandbox/slack"


@dataclass(frozen=True)
class Delivered:
    """The outcome of one delivery to the app.

    ``status`` is the HTTP status of the last try (200 for an ack over Socket Mode, 0 when nothing was sent or nothing
    came back), ``body`` what the app answered with, ``retried`` the number of further tries, ``error`` None or Slack's
    name of the fault: operation_timeout, dispatch_failed, connection_failed, invalid_command, not_in_thread and so on.
    """

    id: str
    status: int
    body: dict[str, Any] | str | None = None
    retried: int = 0
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time and Slack could use the answer."""
        return self.error is None
