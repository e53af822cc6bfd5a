"""Requests that carry secrets: short, never redirected, never logged, and their errors in our own words."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.ports.signin import AnswerLost

if TYPE_CHECKING:
    import httpx

TIMEOUT = 10.0
MOST_BYTES = 256 * 1024


class NotSent(Exception):  # noqa: N818
    """No connection: nothing was asked."""


@dataclass(frozen=True)
class Reply:
    """An answer; ``data`` is {} where it is no JSON object."""

    status: int
    data: dict[str, Any]
    retry_after: float | None = None

    def text(self, name: str) -> str:
        """A field's text, "" where there is none."""
        found = self.data.get(name)
        return found if isinstance(found, str) else ""

    def seconds(self, name: str) -> float | None:
        """A field's number of seconds; None where there is none."""
        found = self.data.get(name)
        return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


class Http:
    """Thread-safe. Raises NotSent when nothing was asked, AnswerLost when that is not known."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client, self._lock = client, threading.Lock()

    def send(self, what: str, verb: str, url: str, **how: Any) -> Reply:
        """One request; ``how`` as httpx takes it. The words of httpx may hold parts of the request: none is told."""
        import httpx

        headers = {"accept": "application/json", "user-agent": "slackops"} | how.pop("headers", {})
        try:
            answer = self._http().request(verb, url, headers=headers, follow_redirects=False, **how)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
            raise NotSent(f"{what}: no connection ({type(error).__name__}).") from None
        except httpx.HTTPError as error:
            raise AnswerLost(f"{what}: no answer ({type(error).__name__}).") from None
        after = answer.headers.get("retry-after", "")
        return Reply(answer.status_code, _object(answer.content), float(after) if after.isdecimal() else None)

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                self._client = httpx.Client(timeout=TIMEOUT)
            return self._client


def web_root(api_url: str) -> str:
    """Where people sign in, beside the API: slack.com/api, api.github.com, or HOST/api/v3 on an own server."""
    root = api_url.rstrip("/").removesuffix("/v3").removesuffix("/api")
    return root.replace("://api.", "://", 1)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
