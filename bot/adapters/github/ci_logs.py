"""The end of the log of a job of GitHub Actions. https://docs.github.com/en/rest/actions/workflow-jobs"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.adapters.github.client import BASE_URL
from bot.adapters.github.credentials import Credentials

if TYPE_CHECKING:
    import httpx

_KEPT, _MOST, _TIMEOUT = 64 * 1024, 20 * 1024 * 1024, 10.0


class JobLogs:
    """Reads logs; a log that cannot be read says nothing, because an alert is worth more than its excerpt. Thread-safe.

    GitHub answers with a redirect to a storage that must not see the bot's token: httpx sends it to no other host.
    """

    def __init__(
        self, base_url: str = BASE_URL, credentials: Credentials | None = None, client: httpx.Client | None = None
    ) -> None:
        self._base, self._credentials = base_url.rstrip("/"), credentials
        self._client, self._lock = client, threading.Lock()

    def tail(self, repo: str, job: str) -> str:
        """The last 64 KiB; "" where there is no log for the bot."""
        import httpx

        if self._credentials is None or not job:
            return ""
        headers = {"authorization": f"Bearer {self._credentials.token()}", "user-agent": "slackops"}
        url = f"{self._base}/repos/{repo}/actions/jobs/{job}/logs"
        try:
            with self._http().stream("GET", url, headers=headers, follow_redirects=True) as answer:
                return _end(answer) if answer.status_code == 200 else ""
        except (httpx.HTTPError, httpx.InvalidURL):
            return ""

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                self._client = httpx.Client(timeout=_TIMEOUT)
            return self._client


def _end(answer: httpx.Response) -> str:
    kept, read = bytearray(), 0
    for chunk in answer.iter_bytes():
        kept += chunk
        read += len(chunk)
        if read > _MOST:
            return ""  # the end, where the error stands, is too far away
        if len(kept) > 2 * _KEPT:
            del kept[:-_KEPT]
    return bytes(kept[-_KEPT:]).decode("utf-8", "replace")
