"""HTTP gates over the wire: what is sent, what is believed, how long it may take, and how often it is asked."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.adapters.gate_http import KEPT_SECONDS, NO_SECRET, SIGNATURE, UNKNOWN_SECONDS, HttpGateCalls
from bot.domain.gating import Answer

URL, BODY, SECRET, NOW = "https://gates.example/fair?k=hidden", b'{"v":1}', "gate-secret", 1_700_000_000.9
GOOD = {"state": "pass", "observed": "gap 0.01", "required": "at most 0.05"}
Handler = Callable[[httpx.Request], httpx.Response]


class Counted:
    """A handler that counts."""

    def __init__(self, handler: Handler) -> None:
        self.handler, self.seen = handler, list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.handler(request)


class Long(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" " * 10_000


class Packed(httpx.AsyncByteStream):
    """A small body that would be a large one."""


class Wire(httpx.AsyncBaseTransport):
    """Answers come in a stream, as from a socket."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = self._handler(request)
        if isinstance(found.stream, Long):
            return found
        if isinstance(found.stream, Packed):
            return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Piece(gzip.compress(b" " * 10**6)))
        return httpx.Response(found.status_code, headers=found.headers, stream=Piece(found.content))


class Piece(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


def calls(handler: Handler, secret: str | None = SECRET) -> HttpGateCalls:
    return HttpGateCalls(secret, transport=Wire(handler), now=lambda: NOW)


def says(status: int = 200, **more: Any) -> Handler:
    return lambda _: httpx.Response(status, **more)


def raises(error: Exception) -> Handler:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_what_is_sent() -> None:
    seen = Counted(says(json=GOOD))
    assert calls(seen).ask(URL, BODY, 5.0) == Answer("pass", "gap 0.01", "at most 0.05")
    (request,) = seen.seen
    signed = hmac.new(SECRET.encode(), b'1700000000.{"v":1}', hashlib.sha256).hexdigest()
    assert (request.method, str(request.url), request.content) == ("POST", URL, BODY)
    assert request.headers[SIGNATURE] == f"t=1700000000,v1={signed}"
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        pytest.param(says(302, headers={"location": "https://evil.example"}), "status 302", id="redirect"),
        pytest.param(says(201, json=GOOD), "status 201", id="created"),
        pytest.param(says(500), "status 500", id="500"),
        pytest.param(says(401), "status 401", id="401"),
        pytest.param(says(content=b"<html>"), "no JSON", id="no json"),
        pytest.param(says(json={"state": "ok"}), "no state", id="another form"),
        pytest.param(says(stream=Long()), "longer than 64 KiB", id="endless"),
        pytest.param(says(content=b" " * 65_536 + b"{}"), "longer than 64 KiB", id="too long"),
        pytest.param(says(stream=Packed()), "no JSON", id="packed"),
        pytest.param(raises(httpx.ConnectError(f"no route to {URL}")), "no answer (ConnectError)", id="no route"),
        pytest.param(raises(RuntimeError(SECRET)), "no answer (RuntimeError)", id="whatever else"),
    ],
)
def test_no_verdict(handler: Handler, words: str) -> None:
    answer = calls(handler).ask(URL, BODY, 5.0)
    assert (answer.state, words in answer.observed) == ("unknown", True), answer
    assert "hidden" not in answer.observed + answer.required
    assert SECRET not in answer.observed + answer.required


@pytest.mark.parametrize("url", ["http://h:port/", "http://[::1", "https://", "nonsense", "http://\ud800/"])
def test_no_address(url: str) -> None:
    assert HttpGateCalls(SECRET).ask(url, BODY, 5.0).state == "unknown"


def test_without_a_secret_nobody_is_asked() -> None:
    seen = Counted(says(json=GOOD))
    assert calls(seen, None).ask(URL, BODY, 5.0) == Answer("unknown", NO_SECRET)
    assert seen.seen == []


@pytest.mark.parametrize(
    ("handler", "kept"),
    [(says(json=GOOD), KEPT_SECONDS), (says(json={"state": "fail"}), KEPT_SECONDS), (says(500), UNKNOWN_SECONDS)],
    ids=["pass", "fail", "unknown"],
)
def test_an_answer_is_kept_for_a_while(handler: Handler, kept: float, monkeypatch: Any) -> None:
    clock, seen = [1_000.0], Counted(handler)
    monkeypatch.setattr("bot.adapters.gate_http.time.monotonic", lambda: clock[0])
    one = calls(seen)
    counts = []
    for later in (0.0, kept - 1, kept + 1):
        clock[0] = 1_000.0 + later
        one.ask(URL, BODY, 5.0)
        counts.append(len(seen.seen))
    assert counts == [1, 1, 2]


def test_other_facts_and_other_addresses_are_other_questions() -> None:
    seen = Counted(says(json=GOOD))
    one = calls(seen)
    for url, body in [(URL, BODY), (URL, b"{}"), (URL + "x", BODY), (URL, BODY)]:
        one.ask(url, body, 5.0)
    assert len(seen.seen) == 3


def test_a_storm_asks_once() -> None:
    """Whoever comes while the first is being asked waits for its answer."""
    begun, waited = threading.Event(), threading.Event()

    def slow(_: httpx.Request) -> httpx.Response:
        begun.set()
        waited.wait(30)
        return httpx.Response(200, json=GOOD)

    seen = Counted(slow)
    one = calls(seen)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(one.ask, URL, BODY, 60.0) for _ in range(4)]
        assert begun.wait(30)
        waited.set()
        assert {future.result(60).state for future in asked} == {"pass"}
    assert len(seen.seen) == 1


def test_a_service_that_hangs_costs_two_changes_their_time_and_not_all(monkeypatch: Any) -> None:
    clock = [100.0]
    monkeypatch.setattr("bot.adapters.gate_http.time.monotonic", lambda: clock[0])
    wire = Counted(lambda request: raises(TimeoutError())(request) if clock[0] < 101 else says(json=GOOD)(request))
    asking, late = calls(wire), Answer("unknown", "no answer within 30 s")
    assert [asking.ask(URL, b"%d" % n, 30.0) for n in range(50)] == [late] * 50
    assert len(wire.seen) == 2
    clock[0] += UNKNOWN_SECONDS - 1
    assert asking.ask(URL, b"51", 30.0) == late
    assert asking.ask("https://other.example/", b"51", 30.0).state == "pass"
    clock[0] += 2
    assert [asking.ask(URL, b"%d" % n, 30.0).state for n in range(3)] == ["pass"] * 3


def test_a_single_late_answer_stops_nothing() -> None:
    wire = Counted(
        lambda request: says(json=GOOD)(request) if b"1" in request.content else raises(TimeoutError())(request)
    )
    asking = calls(wire)
    assert [asking.ask(URL, body, 30.0).state for body in (b"2", b"1", b"3", b"11")] == ["unknown", "pass"] * 2
