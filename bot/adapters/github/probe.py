"""Questions about the bot itself, for `slackops doctor`.

https://docs.github.com/en/rest/apps/apps and https://docs.github.com/en/rest/apps/webhooks
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from bot.adapters.github.credentials import AppCredentials, Credentials
from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.pacing import Pacing
from bot.adapters.github.session import Session, ask
from bot.domain.doctor.github import AppSelf, Hook


class GitHubProbe:
    """The ForgeProbe port over GitHub's REST API, for the deployment repo ``repo`` (owner/name)."""

    def __init__(self, repo: str, credentials: Credentials, base_url: str) -> None:
        self._repo, self._credentials = repo, credentials
        self._session = Session(base_url, credentials, Pacing())

    def app(self) -> AppSelf | None:
        """As the port says."""
        if not isinstance(self._credentials, AppCredentials):
            return None
        mine = self._as_app("Ask GitHub about the App", "/app")
        there = self._as_app(f"Ask for the App's installation on {self._repo}", f"/repos/{self._repo}/installation")
        if not mine.ok:
            raise failure("Ask GitHub about the App", mine)
        if not there.ok:
            raise failure(f"Ask for the App's installation on {self._repo}", there)
        return AppSelf(
            id=int(mine.data["id"]),
            login=f"{mine.data['slug']}[bot]",
            asked=_levels(mine.data),
            granted=_levels(there.data),
            events=frozenset(str(one) for one in mine.data.get("events") or []),
            suspended=bool(there.data.get("suspended_at")),
        )

    def hook(self) -> Hook | None:
        """As the port says; None as well for a token, which is not told of webhooks."""
        if not isinstance(self._credentials, AppCredentials):
            return None
        answer = self._as_app("Ask where webhooks go", "/app/hook/config")
        if answer.status == 404:
            return None
        if not answer.ok:
            raise failure("Ask where webhooks go", answer)
        return Hook(str(answer.data.get("url") or ""), bool(answer.data.get("secret")))

    def skew(self) -> float | None:
        """As the port says; good to a second, the time of the answer's way aside."""
        before = time.time()
        answer = self._session.look("Ask GitHub for its time", "/rate_limit")
        told = str(answer.headers.get("date") or "")
        try:
            theirs = parsedate_to_datetime(told).timestamp()
        except (ValueError, TypeError):
            return None
        return (before + time.time()) / 2 - theirs

    def _as_app(self, what: str, path: str) -> Answer:
        assert isinstance(self._credentials, AppCredentials)
        return ask(self._credentials.requester, "GET", what, path, None, None, {})


def _levels(data: Mapping[str, Any]) -> dict[str, str]:
    found = data.get("permissions")
    return {str(key): str(level) for key, level in found.items()} if isinstance(found, dict) else {}
