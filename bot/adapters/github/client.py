"""PyGithub's client as we need it: no retries of its own, no waiting, short timeouts, nothing secret in logs."""

from __future__ import annotations

import logging
import threading
from typing import Any

BASE_URL = "https://api.github.com"
TIMEOUT = 15


def client_settings(base_url: str) -> dict[str, Any]:
    """Settings for any of PyGithub's entry points."""
    # At DEBUG PyGithub logs whole answers, tokens that GitHub issues included.
    logging.getLogger("github.Requester").setLevel(logging.INFO)
    return {
        "base_url": base_url.rstrip("/"),
        "timeout": TIMEOUT,
        "user_agent": "slackops",
        "per_page": 100,
        "retry": None,
        "seconds_between_requests": 0,
        "seconds_between_writes": 0,
    }


class Requesters:
    """One of PyGithub's requesters a thread and token: its connection must not be shared between threads."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._mine = threading.local()

    @property
    def graphql_url(self) -> str:
        """Where the server's GraphQL API is: beside the REST API. A path of its own is no answer of ``get``."""
        root = self._base_url.rstrip("/")
        return f"{root.removesuffix('/v3')}/graphql"

    def get(self, token: str) -> Any:
        """The requester of this thread, made anew when the token has changed."""
        if getattr(self._mine, "token", None) != token:
            self._mine.requester, self._mine.token = self.make(token), token
        return self._mine.requester

    def make(self, token: str) -> Any:
        """A requester for one-off use."""
        from github import Auth, Github

        return Github(auth=Auth.Token(token), **client_settings(self._base_url)).requester
