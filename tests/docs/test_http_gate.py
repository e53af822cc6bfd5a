"""The example server of the docs, as it is printed there, and the bot's own adapter against it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.gate_http import HttpGateCalls
from bot.domain.gating import Answer
from bot.domain.gating.http_body import body_of
from tests.domain.facts import INTENT, version

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "http-gate.md"
REQUIRED = "at most 0.05"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SLACKOPS_GATE_SECRET", "gate-secret")
    code = PAGE.read_text().split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {"__name__": "gate"}
    exec(compile(code, "gate.py", "exec"), names)
    names["Gate"].log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), names["Gate"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("gap", "answer"),
    [
        (0.01, Answer("pass", "gap 0.01", REQUIRED)),
        (0.2, Answer("fail", "gap 0.2", REQUIRED)),
        (float("nan"), Answer("unknown", "no fairness_gap", REQUIRED)),
    ],
)
def test_it_answers(url: str, gap: float, answer: Answer) -> None:
    body = body_of("fairness", INTENT, version("4", fairness_gap=gap), None)
    assert HttpGateCalls("gate-secret").ask(url, body, 30.0) == answer


@pytest.mark.parametrize(
    ("secret", "now"), [("another-one", None), ("gate-secret", lambda: 1_000.0)], ids=["other secret", "sent again"]
)
def test_it_believes_nobody_else(url: str, secret: str, now: Any) -> None:
    calls = HttpGateCalls(secret, now=now) if now else HttpGateCalls(secret)
    assert calls.ask(url, body_of("fairness", INTENT, None, None), 30.0).observed == "it answers with status 401"
