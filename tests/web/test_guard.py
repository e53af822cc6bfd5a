"""The guard in front of a real Bolt app: what Slack sends passes, nothing else does, and nothing is a 500."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.web import Metrics, asgi
from bot.web.guard import MAX_BODY
from tests.support.slack_signing import SECRET, signed, slash
from tests.web.bolt import APP, SEEN, SLACK, client_of


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    SEEN.clear()
    async with client_of() as opened:
        yield opened


async def post(client: httpx.AsyncClient, body: bytes, headers: dict[str, str] | None = None) -> int:
    answer = await client.post("/slack/events", content=body, headers=signed(body) if headers is None else headers)
    return answer.status_code


async def test_a_signed_command_passes(client: httpx.AsyncClient) -> None:
    assert await post(client, slash("/promote", "churn 4 production")) == 200
    assert SEEN[0]["text"] == "churn 4 production"


async def test_forty_kilobytes_pass(client: httpx.AsyncClient) -> None:
    assert await post(client, slash("/promote", "ü" * 7_000)) == 200
    assert len(SEEN[0]["text"]) == 7_000


async def test_two_mebibytes_are_refused_unread(client: httpx.AsyncClient) -> None:
    assert await post(client, b"x" * (2 * MAX_BODY)) == 413
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(3000):
            read += 1024
            yield b"x" * 1024

    answer = await client.post("/slack/events", content=endless())
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


async def test_a_body_without_end_is_left_after_a_mebibyte() -> None:
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 65_536
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    for path in ("/slack/events", "/webhooks/github", "/nowhere"):
        read = 0
        sent.clear()
        scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
        await APP(scope, receive, send)
        assert sent[0]["status"] == 413
        assert read <= MAX_BODY + 65_536


@pytest.mark.parametrize("size", [MAX_BODY, MAX_BODY + 1])
async def test_the_limit_is_one_mebibyte(client: httpx.AsyncClient, size: int) -> None:
    assert await post(client, b"a=" + b"x" * (size - 2)) == (404 if size == MAX_BODY else 413)


@pytest.mark.parametrize(
    "stamp", ["", "abc", "1.5", "-1", "1e9", "99999999999999999999", "٣", "0", " 1", "1_000", "None"], ids=repr
)
async def test_a_bad_timestamp_is_401(client: httpx.AsyncClient, stamp: str) -> None:
    body = slash("/promote", "x")
    assert await post(client, body, {**signed(body), "x-slack-request-timestamp": stamp.encode()}) == 401  # type: ignore[dict-item]


async def test_missing_wrong_old_and_future_are_401(client: httpx.AsyncClient) -> None:
    body = slash("/promote", "x")
    good = signed(body)
    for name in ("x-slack-signature", "x-slack-request-timestamp"):
        assert await post(client, body, {k: v for k, v in good.items() if k != name}) == 401
    assert await post(client, body + b"x", good) == 401
    assert await post(client, body, signed(body, secret="other-secret")) == 401
    assert await post(client, body, signed(body, at=time.time() - 400)) == 401
    assert await post(client, body, signed(body, at=time.time() + 400)) == 401
    assert await post(client, body, {**good, "x-slack-signature": "v0=\u00fc".encode("latin-1")}) == 401  # type: ignore[dict-item]
    assert SEEN == []


async def test_what_is_not_utf8_is_400(client: httpx.AsyncClient) -> None:
    assert await post(client, b"\xff\xfe\x00") == 400
    assert await post(client, b"text=%ff%fe&command=/promote&user_id=U&team_id=T") == 200


JSON_HEADERS = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", JSON_HEADERS),
        (b"[]", JSON_HEADERS),
        (b'"x"', JSON_HEADERS),
        (b"nothing", JSON_HEADERS),
        (b"{not json", {}),
        (b"[" * 200_000, JSON_HEADERS),
        (b"payload=nothing", {}),
        (b"payload=[]", {}),
        (b"payload=", {}),
        (b"payload=1", {}),
        (b'payload={"team":"x"}', {}),
        (b'payload={"team":1,"user":[],"type":{}}', {}),
        (b'{"event":7,"type":[]}', JSON_HEADERS),
        (b'{"authorizations":[1],"event":{}}', JSON_HEADERS),
        (b'{"authorizations":7}', JSON_HEADERS),
    ],
    ids=lambda v: repr(v)[:40],
)
async def test_what_bolt_cannot_read_is_never_a_500(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str]
) -> None:
    assert await post(client, body, {**signed(body), **headers}) in (400, 404)
    assert await post(client, body, headers) == 401


async def test_events_and_interactions_pass(client: httpx.AsyncClient) -> None:
    event = json.dumps(
        {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": "Ev1",
            "event": {"type": "app_mention", "user": "U1", "text": "hi"},
        }
    ).encode()
    assert await post(client, event, {**signed(event), **JSON_HEADERS}) == 200
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "actions": [{"action_id": "approve", "type": "button"}],
    }
    action = urlencode({"payload": json.dumps(payload)}).encode()
    assert await post(client, action) == 200
    assert len(SEEN) == 2


async def test_other_methods_and_paths(client: httpx.AsyncClient) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert (await client.request(method, "/slack/events")).status_code in (404, 405)
    for path in ("/", "/webhooks/argocd", "/webhooks/nothing", "/slack/install", "/../../etc/passwd", "/%00"):
        assert (await client.post(path)).status_code == 404


async def test_socket_mode_has_no_slack_endpoint() -> None:
    body = slash("/promote", "x")
    for slack, secret in ((None, SECRET), (SLACK, None)):
        async with client_of(asgi(slack=slack, signing_secret=secret, ready=dict, metrics=Metrics(dict))) as client:
            assert await post(client, body) == 404
