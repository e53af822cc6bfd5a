"""Only this machine's own browser, on this page, may use the page."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.page.guard import MAX_BODY, Guard, objection

HERE = {"host": "127.0.0.1:3000", "content-type": "application/json", "content-length": "2"}


@pytest.mark.parametrize(
    ("method", "changes", "status"),
    [
        ("GET", {}, None),
        ("GET", {"host": "localhost:3000"}, None),
        ("GET", {"host": "[::1]:3000"}, None),
        ("GET", {"host": "evil.example:3000"}, 421),
        ("GET", {"host": "127.0.0.1.evil.example"}, 421),
        ("GET", {"host": "evil.example#@127.0.0.1"}, 421),
        ("GET", {"host": ""}, 421),
        ("GET", {"host": "[::1"}, 421),
        ("GET", {"origin": "http://evil.example"}, None),
        ("POST", {}, None),
        ("POST", {"origin": "http://127.0.0.1:3000"}, None),
        ("POST", {"sec-fetch-site": "same-origin"}, None),
        ("POST", {"host": "evil.example"}, 421),
        ("POST", {"origin": "http://evil.example"}, 403),
        ("POST", {"origin": "http://127.0.0.1:4000"}, 403),
        ("POST", {"origin": "http://localhost:3000"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("POST", {"sec-fetch-site": "cross-site"}, 403),
        ("POST", {"sec-fetch-site": "same-site"}, 403),
        ("POST", {"content-type": "text/plain"}, 415),
        ("POST", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", {"content-type": "application/json; charset=utf-8"}, None),
        ("POST", {"content-length": ""}, 411),
        ("POST", {"content-length": "-1"}, 411),
        ("POST", {"content-length": str(MAX_BODY + 1)}, 413),
    ],
)
def test_who_may_ask(method: str, changes: dict[str, str], status: int | None) -> None:
    found = objection(method, Headers(HERE | changes))
    assert (found[0] if found else None) == status


async def test_every_reply_carries_the_policy() -> None:
    async def answer(_: Request) -> Response:
        return PlainTextResponse("here")

    app = Guard(Starlette(routes=[Route("/", answer)]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:3000") as client:
        replies = [await client.get("/"), await client.get("/absent"), await client.get("/", headers={"host": "evil"})]
    assert [reply.status_code for reply in replies] == [200, 404, 421]
    for reply in replies:
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
