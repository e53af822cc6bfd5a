"""POST /webhooks/mlflow through the whole app."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from bot.domain.commands import LookRegistry
from bot.errors import StoreUnavailable
from bot.web import Metrics, asgi
from handlers.mlflow import mlflow_webhook
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox, FakeIntake
from tests.signals.test_mlflow import NOW, signed

MOVED = {"entity": "model_version_alias", "action": "created", "data": {"name": "fraud", "alias": "a", "version": "7"}}


class Hooked:
    """The app, its inbox, and what was counted."""

    def __init__(self, secret: str | None) -> None:
        self.inbox = FakeInbox(FakeClock())
        self.intake = FakeIntake(self.inbox)
        self.counted: list[tuple[str, str]] = []
        end = mlflow_webhook(self.intake, secret, lambda *told: self.counted.append(told), lambda: NOW)
        routes = [Route("/webhooks/mlflow", end, methods=["POST"])]
        app = asgi(slack=None, signing_secret=None, ready=dict, metrics=Metrics(dict), routes=routes)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://bot")

    async def post(self, body: Any, **how: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return (await self.client.post("/webhooks/mlflow", content=raw, headers=signed(raw, **how))).status_code

    def taken(self) -> list[tuple[str, str]]:
        """Key and model of what stands in the inbox."""
        rows = [self.inbox.claim("w", 30) for _ in self.inbox.records]
        looks = [(row.key, row.command) for row in rows if row]
        return [(key, command.model) for key, command in looks if isinstance(command, LookRegistry)]


@pytest.fixture
async def hooked() -> AsyncIterator[Hooked]:
    made = Hooked("mlsecret")
    yield made
    await made.client.aclose()


async def test_a_delivery_is_taken_once(hooked: Hooked) -> None:
    assert [await hooked.post(MOVED), await hooked.post(MOVED)] == [202, 202]
    assert hooked.taken() == [("mlflow:36e4ab3c", "fraud")]
    assert hooked.counted == [("mlflow", "accepted"), ("mlflow", "repeated")]


@pytest.mark.parametrize("how", [{"secret": "another"}, {"at": "1795220000"}, {"ident": "no key"}])
async def test_what_is_not_from_mlflow_or_not_of_now(hooked: Hooked, how: dict[str, str]) -> None:
    assert await hooked.post(MOVED, **how) == 401
    assert hooked.taken() == []


@pytest.mark.parametrize("body", [{"entity": "prompt", "action": "created"}, [], 7, None])
async def test_what_is_about_no_model_is_counted(hooked: Hooked, body: Any) -> None:
    assert await hooked.post(body) == 202
    assert (hooked.taken(), hooked.counted) == ([], [("mlflow", "ignored")])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut", "bytes", "deep"])
async def test_what_is_no_json(hooked: Hooked, body: bytes) -> None:
    assert await hooked.post(body) == 400


async def test_a_body_that_is_too_large(hooked: Hooked) -> None:
    assert await hooked.post(b" " * (1024 * 1024 + 1)) == 413


async def test_a_store_that_is_away(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> str:
        raise StoreUnavailable("away")

    monkeypatch.setattr(hooked.intake, "put", away)
    assert await hooked.post(MOVED) == 503


@pytest.mark.parametrize("secret", [None, ""])
async def test_without_a_secret_it_is_closed(secret: str | None) -> None:
    hooked = Hooked(secret)
    assert await hooked.post(MOVED) == 404
    await hooked.client.aclose()
