"""How the token endpoints answer: JSON for who asks for it, else a form; refusals have status 200, as at GitHub.

https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

SENTENCES = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
    "unsupported_grant_type": "The grant_type parameter is missing or not supported.",
    "authorization_pending": "The authorization request is still pending.",
    "slow_down": "Too many requests have been made in the same timeframe.",
    "expired_token": "This 'device_code' has expired.",
    "incorrect_device_code": "The device_code provided is not valid.",
    "access_denied": "The authorization request was denied.",
    "device_flow_disabled": "Device Flow must be explicitly enabled for this App",
}
_DOCS = "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors"


class Denied(Exception):  # noqa: N818  (told to the App)
    """An OAuth error by its code; ``more`` are further fields of the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more

    def body(self) -> dict[str, Any]:
        """The fields of the answer."""
        return {"error": self.code, "error_description": SENTENCES[self.code], "error_uri": _DOCS, **self.more}


def answer(request: Request, body: dict[str, Any]) -> Response:
    """The fields in the form that the request accepts."""
    headers = {"cache-control": "no-store"}
    if "json" in request.headers.get("accept", ""):
        return JSONResponse(body, headers=headers)
    return Response(urlencode(body), headers=headers, media_type="application/x-www-form-urlencoded")


async def fields(request: Request) -> dict[str, Any]:
    """The parameters of the query and the body; a body that cannot be read has none."""
    raw = await request.body()
    found: dict[str, Any] = dict(request.query_params)
    try:
        if "json" in request.headers.get("content-type", ""):
            body = json.loads(raw or b"{}")
            return {**found, **body} if isinstance(body, dict) else found
        return {**found, **dict(parse_qsl(raw.decode(), keep_blank_values=True))}
    except ValueError:
        return found
