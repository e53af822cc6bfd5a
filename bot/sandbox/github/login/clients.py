"""Which App a request names by its client id, and whether it knows the secret."""

from __future__ import annotations

import hmac
from typing import Any

from bot.sandbox.github.config import AppSeed, GitHubConfig


def by_id(config: GitHubConfig, client_id: Any) -> AppSeed | None:
    """The App with this client id; one without a client id takes part in no sign-in."""
    return next((app for app in config.apps if app.client_id and app.client_id == client_id), None)


def proven(config: GitHubConfig, client_id: Any, secret: Any) -> AppSeed | None:
    """The App, when the secret is its own."""
    app = by_id(config, client_id)
    known = app and app.client_secret and isinstance(secret, str) and secret.isascii()
    return app if app and known and hmac.compare_digest(app.client_secret, secret) else None
