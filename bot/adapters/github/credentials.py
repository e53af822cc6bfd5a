"""Who the bot is at GitHub: an App, whose tokens live an hour and are renewed in time, or a personal token.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
"""

from __future__ import annotations

import threading
import time
from functools import cached_property, lru_cache
from typing import Any, Protocol

from bot.adapters.github.client import BASE_URL, client_settings
from bot.adapters.github.errors import connection
from bot.errors import Fatal

_RENEW_BEFORE = 300.0


@lru_cache(maxsize=4)
def _parsed(private_key: str) -> Any:
    """The key, parsed and checked once: that takes 45 ms, and each JWT would do it again."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(private_key.encode(), None)


class Credentials(Protocol):
    """Gives tokens that are good for GitHub's API and, as a password, for Git."""

    def token(self) -> str:
        """A token that is good for some minutes at least."""
        ...

    def reject(self, token: str) -> bool:
        """GitHub did not take ``token``: True when there may be a better one now."""
        ...

    def login(self) -> str | None:
        """The bot's account; None where the API has to be asked as the bot."""
        ...


class TokenCredentials:
    """A personal access token, or a token made elsewhere."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        """The token."""
        return self._token

    def reject(self, token: str) -> bool:  # noqa: ARG002
        """There is no other."""
        return False

    def login(self) -> str | None:
        """Not known from the token itself."""
        return None


class AppCredentials:
    """A GitHub App, installed on ``repo`` (owner/name). The installation is looked up where its id is not given.

    Thread-safe. Raises Fatal when the key is no key or the App is not installed, ForgeUnavailable when GitHub is away.
    """

    def __init__(
        self, app_id: int, private_key: str, repo: str, installation_id: int | None = None, base_url: str = BASE_URL
    ) -> None:
        self._app_id, self._key = app_id, private_key.replace("\\n", "\n").strip() + "\n"
        self._repo, self._installation, self._base_url = repo, installation_id, base_url
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """The installation's token, renewed five minutes before its end."""
        with self._lock:
            if time.time() > self._until - _RENEW_BEFORE:
                self._renew()
            return self._token

    def reject(self, token: str) -> bool:
        """Forget a token that GitHub did not take, so that the next one is new."""
        with self._lock:
            if token == self._token:
                self._until = 0.0
            return True

    def login(self) -> str | None:
        """The App's bot account."""
        with connection("Ask GitHub for the App's name"):
            return f"{self._app.get_app().slug}[bot]"

    @property
    def requester(self) -> Any:
        """Asks as the App itself, and not as its installation: for questions about the App."""
        return self._app.requester

    @cached_property
    def _app(self) -> Any:
        from github import Auth, GithubIntegration

        auth = Auth.AppAuth(self._app_id, lambda: _parsed(self._key))
        try:
            auth.create_jwt()
        except Exception as error:
            raise Fatal("GITHUB_APP_PRIVATE_KEY is no RSA private key in PEM form (-----BEGIN …).") from error
        return GithubIntegration(auth=auth, **client_settings(self._base_url))

    def _renew(self) -> None:
        with connection(f"Get a token of the App {self._app_id} for {self._repo}, where it must be installed"):
            if self._installation is None:
                self._installation = self._app.get_repo_installation(*self._repo.split("/", 1)).id
            made = self._app.get_access_token(self._installation)
            self._token, self._until = made.token, made.expires_at.timestamp()
