"""Health, readiness, metrics."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp

from bot.errors import StoreUnavailable
from bot.web import Metrics, asgi
from bot.web import app as app_module


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot")


def build(ready: object = dict, inbox: object = dict) -> ASGIApp:
    return asgi(slack=None, signing_secret=None, ready=ready, metrics=Metrics(inbox))  # type: ignore[arg-type]


async def test_alive() -> None:
    async with client(build()) as c:
        assert (await c.get("/healthz")).status_code == 200
        assert (await c.post("/healthz")).status_code == 405


async def test_ready_names_each_dependency() -> None:
    async with client(build(lambda: {"store": "ok", "slack": "ok"})) as c:
        answer = await c.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"store": "ok", "slack": "ok"})
    async with client(build(lambda: {"store": "ok", "forge": "401 from the forge"})) as c:
        answer = await c.get("/readyz")
        assert (answer.status_code, answer.json()["forge"]) == (503, "401 from the forge")


async def test_a_probe_that_breaks_or_hangs_is_not_ready(monkeypatch: object) -> None:
    import threading

    def broken() -> dict[str, str]:
        raise KeyError("secret words")

    async with client(build(broken)) as c:
        answer = await c.get("/readyz")
        assert (answer.status_code, answer.text) == (503, '{"readiness":"KeyError"}')
    monkeypatch.setattr(app_module, "READY_WITHIN", 0.05)  # type: ignore[attr-defined]
    go = threading.Event()

    def hangs() -> dict[str, str]:
        go.wait(10)
        return {}

    async with client(build(hangs)) as c:
        assert (await c.get("/readyz")).status_code == 503
    go.set()


async def test_metrics() -> None:
    metrics = Metrics(lambda: {"waiting": 3, "running": 1, "dead": 2})
    app = asgi(slack=None, signing_secret=None, ready=dict, metrics=metrics)
    metrics.delivery("github", "ignored")
    async with client(app) as c:
        await c.get("/healthz")
        await c.get("/made-up-by-a-scanner")
        text = (await c.get("/metrics")).text
    assert 'slackops_inbox_rows{state="dead"} 2.0' in text
    assert 'slackops_webhook_deliveries_total{outcome="ignored",source="github"} 1.0' in text
    assert 'slackops_http_requests_total{path="/healthz",status="200"} 1.0' in text
    assert 'slackops_http_requests_total{path="other",status="404"} 1.0' in text
    assert "scanner" not in text


async def test_metrics_without_a_store() -> None:
    def down() -> dict[str, int]:
        raise StoreUnavailable("gone")

    async with client(build(inbox=down)) as c:
        answer = await c.get("/metrics")
    assert answer.status_code == 200
    assert "slackops_inbox_rows" not in answer.text
