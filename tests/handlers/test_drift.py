"""POST /webhooks/drift through the whole app, and the windows of Alertmanager's webhook."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from bot.domain.commands import TakeDrift, TakeSignals
from bot.web import Metrics, asgi
from handlers.drift import drift_webhook
from handlers.signals import signal_webhook, sources
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox, FakeIntake
from tests.signals import test_alertmanager
from tests.signals.drift.recorded_reports import recorded
from tests.signals.test_alert_windows import DRIFT
from tests.signals.test_verify import sign

SECRET, NOW = "the-secret-of-drift", 1_900_000_000.0
PLAIN: dict[str, Any] = {"model": "churn", "environment": "production", "value": 0.3, "threshold": 0.2}
OF = {"source": "evidently", "model": "churn", "environment": "production"}


class Hooked:
    """The app, its inbox, and what was counted."""

    def __init__(self, secret: str | None = SECRET) -> None:
        self.inbox, self.counted = FakeInbox(FakeClock()), []  # type: tuple[FakeInbox, list[tuple[str, str]]]
        intake = FakeIntake(self.inbox)
        self.now = NOW

        def count(source: str, outcome: str) -> None:
            self.counted.append((source, outcome))

        hook = drift_webhook(intake, secret, count, lambda: self.now)
        (alerts,) = (one for one in sources({"alertmanager": SECRET}, "") if one.name == "alertmanager")
        routes = [
            Route("/webhooks/drift", hook, methods=["POST"]),
            Route("/webhooks/alertmanager", signal_webhook(intake, alerts, count, lambda: self.now), methods=["POST"]),
        ]
        app = asgi(slack=None, signing_secret=None, ready=dict, metrics=Metrics(dict), routes=routes)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://bot")

    async def post(
        self, body: object, params: dict[str, str] | None = None, path: str = "drift", **headers: str
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {SECRET}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return await self.client.post(f"/webhooks/{path}", content=raw, params=params, headers=sent)

    def taken(self) -> list[Any]:
        """The commands in the inbox."""
        rows = [self.inbox.claim("w", 30) for _ in self.inbox.records]
        return [row.command for row in rows if row]


@pytest.fixture
async def hooked() -> AsyncIterator[Hooked]:
    made = Hooked()
    yield made
    await made.client.aclose()


async def test_a_window_is_put_once(hooked: Hooked) -> None:
    answers = [await hooked.post(PLAIN) for _ in range(2)]
    assert [(a.status_code, a.json()["status"]) for a in answers] == [(202, "accepted"), (202, "accepted before")]
    said = {"model": "churn", "environment": "production", "kind": "drift", "verdict": "bad", "at": NOW}
    assert answers[0].json()["windows"] == [{**said, "score": pytest.approx(1.5)}]
    (command,) = hooked.taken()
    assert isinstance(command, TakeDrift)
    assert hooked.counted == [("drift", "accepted"), ("drift", "repeated")]


async def test_a_report_by_parameters_and_in_an_envelope(hooked: Hooked) -> None:
    report = recorded("evidently_drifted")
    assert (await hooked.post(report, OF)).status_code == 202
    assert (await hooked.post({**OF, "report": report})).json()["status"] == "accepted before"
    (command,) = hooked.taken()
    assert [(one.source, one.model, one.verdict.value) for one in command.windows] == [("evidently", "churn", "bad")]


async def test_a_flood_is_a_handful_of_rows(hooked: Hooked) -> None:
    for n in range(200):
        hooked.now = NOW + n * 0.3
        assert (await hooked.post({**PLAIN, "value": 0.3 + n})).status_code == 202
    assert len(hooked.inbox.records) <= 2


async def test_one_row_a_model(hooked: Hooked) -> None:
    await hooked.post([PLAIN, {**PLAIN, "model": "ltv"}, {**PLAIN, "environment": "staging"}])
    assert [[one.model for one in command.windows] for command in hooked.taken()] == [["churn", "churn"], ["ltv"]]


@pytest.mark.parametrize("secret", [None, ""])
async def test_no_secret_no_door(secret: str | None) -> None:
    closed = Hooked(secret)
    assert (await closed.post(PLAIN)).status_code == 404
    assert (await closed.post(PLAIN, authorization="Bearer ")).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {SECRET}", "Bearer \xff"])
async def test_who_does_not_know_the_secret_is_401_before_the_body_is_read(hooked: Hooked, header: str) -> None:
    for raw in (json.dumps(PLAIN).encode(), b"no json"):
        sent = [(b"authorization", header.encode("latin-1"))]
        assert (await hooked.client.post("/webhooks/drift", content=raw, headers=sent)).status_code == 401
    assert hooked.inbox.records == []


async def test_a_signature_does_in_place_of_the_token(hooked: Hooked) -> None:
    raw = json.dumps(PLAIN).encode()
    signed = sign(SECRET, raw)
    assert (await hooked.post(raw, authorization="", x_signature=signed)).status_code == 202
    assert (await hooked.post(raw + b" ", x_signature=signed)).status_code == 401


@pytest.mark.parametrize(
    ("body", "params", "words"),
    [
        (b"{", {}, "the body is no JSON"),
        (b"[" * 100_000, {}, "the body is no JSON"),
        (PLAIN, {"modle": "x"}, "modle: Extra inputs are not permitted"),
        (PLAIN, {"source": "grafana"}, "source: "),
        ({**PLAIN, "valeu": 1}, {}, "valeu: "),
        ({"metrics": []}, {"source": "whylogs"}, "whylogs: "),
        ({"verdict": "bad"}, {}, "model and environment are needed"),
    ],
)
async def test_what_is_wrong_is_named(hooked: Hooked, body: Any, params: dict[str, str], words: str) -> None:
    answer = await hooked.post(body, params)
    assert (answer.status_code, answer.json()["status"].startswith(words)) == (400, True)
    assert hooked.inbox.records == []


async def test_what_tells_nothing_is_accepted_and_counted(hooked: Hooked) -> None:
    assert (await hooked.post([])).json() == {"status": "ignored"}
    assert (await hooked.post({"metrics": [], "tests": []}, OF)).json() == {"status": "ignored"}
    assert hooked.counted == [("drift", "ignored")] * 2


async def test_too_large_wrong_method_and_a_store_that_is_down(hooked: Hooked) -> None:
    assert (await hooked.post(b"x" * (2 * 1024 * 1024))).status_code == 413
    assert (await hooked.client.get("/webhooks/drift")).status_code == 405
    hooked.inbox.down = True
    assert (await hooked.post(PLAIN)).status_code == 503
    hooked.inbox.down = False
    assert (await hooked.post(PLAIN)).json()["status"] == "accepted"


async def test_an_alert_is_a_signal_and_a_window(hooked: Hooked) -> None:
    sent = test_alertmanager.body(test_alertmanager.alert(labels=DRIFT))
    answers = [await hooked.post(sent, path="alertmanager") for _ in range(2)]
    assert [a.json()["status"] for a in answers] == ["accepted", "accepted before"]
    signals, windows = hooked.taken()
    assert isinstance(signals, TakeSignals)
    assert isinstance(windows, TakeDrift)
    assert windows.windows[0].settled
    assert hooked.counted == [("alertmanager", "accepted"), ("alertmanager", "repeated")]
