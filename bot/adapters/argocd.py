"""Argo CD's API, read only: how an Application is now, so that a notification that was lost is healed.

https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/
"""

from __future__ import annotations

import json
import re
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.domain.signal import Signal
from bot.errors import Fatal, Transient
from bot.signals import argocd
from bot.signals.reading import at

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 16 * 1024 * 1024
"""An Application lists all its resources, so it may be long; this long it is none."""

_HELP = "Check ARGOCD_TOKEN: it must be a token of an account that may get applications."


class ArgoCdEngine:
    """The Engine port. Thread-safe. ``server`` is a URL, ``repository`` the deployment repo (owner/name), ``timeout``
    the seconds that one answer may take."""

    def __init__(
        self,
        server: str,
        token: str,
        repository: str = "",
        *,
        timeout: float = 10.0,
        client: httpx.Client | None = None,
    ) -> None:
        self._server, self._token, self._repository = server.rstrip("/"), token, repository
        self._timeout, self._client, self._lock = timeout, client, threading.Lock()

    def look(self, application: str) -> Signal | None:
        """As the port says; ``application`` is `name` or `namespace/name`.

        None also for what the account may not see: Argo CD answers 403 for both, so as not to tell them apart. Raises
        Transient when Argo CD does not answer, Fatal when it does not know the token.
        """
        namespace, _, name = application.rpartition("/")
        if not name or name in (".", ".."):
            return None
        params = {"appNamespace": namespace} if namespace else {}
        found = self._get(f"Ask Argo CD about {application}", f"/api/v1/applications/{quote(name, safe='')}", params)
        told = argocd.parse(found, self._repository) if at(found, "metadata", "name") == name else ()
        return told[-1] if told else None

    def _get(self, what: str, path: str, params: dict[str, str]) -> Any:
        """The answer's JSON; None for 403 and 404."""
        import httpx

        headers = {"authorization": f"Bearer {self._token}", "accept": "application/json"}
        try:
            with self._http().stream(
                "GET", f"{self._server}{path}", params=params, headers=headers, follow_redirects=False
            ) as answer:
                if answer.status_code in (403, 404):
                    return None
                _check(what, answer.status_code, answer.headers.get("retry-after", ""))
                return _json(what, self._body(what, answer))
        except (httpx.HTTPError, httpx.InvalidURL) as error:  # their words may hold parts of the request
            raise Transient(f"{what}: no answer ({type(error).__name__}).") from None

    def _body(self, what: str, answer: httpx.Response) -> bytes:
        """httpx bounds the wait for each piece; this bounds the whole, in time and in length."""
        until, body = time.monotonic() + self._timeout, bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > until:
                raise Transient(f"{what}: the answer was too long, or too slow.")
        return bytes(body)

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                self._client = httpx.Client(timeout=self._timeout)
            return self._client


def _check(what: str, status: int, retry_after: str) -> None:
    if status == 401:
        raise Fatal(f"{what}: the token was not taken. {_HELP}")
    if 300 <= status < 400:  # a login page, or another host: the token must not be carried there
        raise Fatal(f"{what}: it answers with a redirect. Set ARGOCD_SERVER to the address that it leads to.")
    if status != 200:
        pause = float(retry_after) if re.fullmatch(r"[0-9]{1,6}", retry_after) else None
        raise Transient(f"{what}: status {status}.", pause)


def _json(what: str, body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Transient(f"{what}: the answer was none of Argo CD's.") from None
