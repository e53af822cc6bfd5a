"""Hands the bot's own paths on to the bot, so that one port serves the whole demo."""

from __future__ import annotations

from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.outgoing import client

PATHS = (
    "/slack/{rest:path}",
    "/webhooks/{rest:path}",
    "/link/{rest:path}",
    "/changes/{rest:path}",
    "/healthz",
    "/readyz",
    "/metrics",
)
_VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_HOP = {  # https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1, and what the client and the server set anew
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "content-length", "content-encoding",
}  # fmt: skip


class Proxy:
    """Sends requests to 127.0.0.1 at the port that ``port()`` tells, unchanged; 503 while nothing listens there."""

    def __init__(self, port: Callable[[], int], seconds: float = 30.0) -> None:
        self._port = port
        # No connection is kept: the bot may be killed and started again between two requests.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        # Many browsers come this way: what one of them is given must not be sent along by the next.
        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = client(timeout=seconds, limits=limits, cookies=nothing_kept)

    @property
    def routes(self) -> list[Route]:
        """The routes of everything that is the bot's."""
        return [Route(path, self._answer, methods=_VERBS) for path in PATHS]

    async def stop(self) -> None:
        """Give up what is on its way."""
        await self._client.aclose()

    async def _answer(self, request: Request) -> Response:
        try:
            reply = await self._client.send(await self._forward(request))
        except ClientDisconnect:
            return Response(status_code=499)
        except httpx.ConnectError:
            return _sorry(503, f"The bot is not running: nothing listens on 127.0.0.1:{self._port()}.")
        except httpx.TimeoutException:
            return _sorry(504, "The bot did not answer in time.")
        except httpx.HTTPError:
            return _sorry(502, "The bot went away before it answered.")
        response = Response(reply.content, reply.status_code)
        kept = [(name, value) for name, value in reply.headers.raw if name.decode().lower() not in _HOP]
        response.raw_headers = [*kept, (b"content-length", str(len(reply.content)).encode())]
        return response

    async def _forward(self, request: Request) -> httpx.Request:
        url = httpx.URL(scheme="http", host="127.0.0.1", port=self._port(), raw_path=_target(request))
        headers = [(name, value) for name, value in request.headers.raw if name.decode("latin-1") not in _HOP]
        return self._client.build_request(request.method, url, headers=headers, content=await request.body())


def _target(request: Request) -> bytes:
    path, query = request.scope.get("raw_path") or request.url.path.encode(), request.scope["query_string"]
    return path + (b"?" + query if query else b"")


def _sorry(status: int, text: str) -> Response:
    return PlainTextResponse(text + "\n", status, {"retry-after": "1"})
