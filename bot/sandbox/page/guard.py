"""Keeps the page to this machine's own browser, and the browser to this page.

A page on loopback is reachable by every site that the same browser visits: by a cross-site form or fetch, and by a name
that is rebound to 127.0.0.1. Hence the Host must be a loopback name, and a POST must be same-origin JSON.
https://owasp.org/www-community/attacks/DNS_Rebinding · https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
MAX_BODY = 256 * 1024

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def objection(method: str, headers: Headers) -> tuple[int, str] | None:
    """Why a request with this method and these headers is refused (status, sentence), or None."""
    host = headers.get("host", "")
    if not LOOPBACK.fullmatch(host):
        return 421, "This page answers on 127.0.0.1 and localhost only."
    if method in {"GET", "HEAD"}:
        return None
    origin = headers.get("origin")
    if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
        return 403, "The request comes from another site."
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return 403, "The request comes from another site."
    return _body_objection(headers)


def _body_objection(headers: Headers) -> tuple[int, str] | None:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return 415, "Send application/json."
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return 411, "Say the length of the body."
    return (413, "The body is too large.") if int(length) > MAX_BODY else None


class Guard:
    """ASGI middleware: refuses foreign requests, and sets the security headers on every reply."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = objection(scope["method"], Headers(scope=scope))
        app = self._app if refusal is None else JSONResponse({"error": refusal[1]}, status_code=refusal[0])
        await app(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(SECURITY_HEADERS)
            headers.setdefault("cache-control", "no-cache")
        await send(message)

    return sending
