"""What a local forge is made of: accounts, organisations, Apps, limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["User", "Bot"]
Permission = Literal["admin", "write", "read", "none"]


@dataclass(frozen=True)
class Account:
    """A person or a machine user; ``token`` is its personal access token ("" for none)."""

    login: str
    id: int
    name: str = ""
    token: str = ""
    kind: Kind = "User"
    email: str = ""

    @property
    def address(self) -> str:
        """The commit e-mail address: the given one, else GitHub's no-reply form."""
        return self.email or f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(frozen=True)
class Team:
    """A team of an organisation; ``members`` are logins."""

    slug: str
    name: str = ""
    members: tuple[str, ...] = ()
    id: int = 1


@dataclass(frozen=True)
class Org:
    """An organisation; team members are members of it as well."""

    login: str
    id: int
    members: tuple[str, ...] = ()
    teams: tuple[Team, ...] = ()


@dataclass(frozen=True)
class Collaborator:
    """What an account may do with a repository."""

    full_name: str
    login: str
    permission: Permission


@dataclass(frozen=True)
class AppSeed:
    """A GitHub App, installed on ``repos``; empty ``permissions`` allows everything but administration.

    ``permissions`` maps a name such as ``pull_requests`` to ``read`` or ``write``; ``events`` are what it subscribes
    to, as its installation tells (empty: all that the bot knows). ``callback_urls`` are where the web flow may lead
    back to, exactly; ``device_flow`` is off until the App's settings enable it.
    """

    app_id: int
    slug: str
    public_key_pem: str
    installation_id: int
    repos: tuple[str, ...]
    permissions: Mapping[str, str] = field(default_factory=dict)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    callback_urls: tuple[str, ...] = ()
    device_flow: bool = False
    events: tuple[str, ...] = ()

    @property
    def login(self) -> str:
        """The login of the App's bot account."""
        return f"{self.slug}[bot]"


@dataclass(frozen=True)
class GitHubConfig:
    """Everything the forge is told. ``base_url`` is the sandbox's root; ``prefix`` is where the app is mounted.

    ``rate_limit`` counts requests an hour and account; ``content_limits`` enforces GitHub's 80 a minute and 500 an
    hour for requests that create content; ``lazy_mergeable`` answers the first look at a pull request with
    ``mergeable: null``, as GitHub does while it computes; ``installation_token_seconds`` is an App token's life,
    ``user_token_seconds`` and ``refresh_token_seconds`` those of what a person granted (8 hours and 6 months), and
    ``clock`` (seconds since the epoch) tells when they are over. ``device_interval`` is the pause between two polls of
    the device flow, in seconds.
    """

    base_url: str
    html_base: str
    data_dir: Path
    webhook_url: str | None = None
    webhook_secret: str = ""
    accounts: tuple[Account, ...] = ()
    orgs: tuple[Org, ...] = ()
    collaborators: tuple[Collaborator, ...] = ()
    apps: tuple[AppSeed, ...] = ()
    prefix: str = "/sandbox/github"
    rate_limit: int = 5000
    content_limits: bool = False
    lazy_mergeable: bool = False
    installation_token_seconds: int = 3600
    user_token_seconds: int = 28_800
    refresh_token_seconds: int = 15_897_600
    device_interval: int = 5
    clock: Callable[[], float] = time.time

    @property
    def root(self) -> str:
        """Where Git remotes live."""
        return self.base_url.rstrip("/") + self.prefix

    @property
    def api(self) -> str:
        """The REST base URL, without a trailing slash."""
        return f"{self.root}/api/v3"
