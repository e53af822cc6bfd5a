"""Argo CD's API as the poller uses it: what is asked, what comes of each answer, and where the token goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bot.adapters import argocd as adapter
from bot.adapters.argocd import ArgoCdEngine
from bot.errors import Fatal, SlackOpsError, Transient
from bot.signals import argocd
from tests.signals.test_argocd import REPO, app

TOKEN = "eyJ.secret.token"
NAME = "churn-production"
Answer = Callable[[httpx.Request], httpx.Response]


def engine(answer: Answer, server: str = "https://argocd.example/") -> ArgoCdEngine:
    return ArgoCdEngine(server, TOKEN, REPO, client=httpx.Client(transport=httpx.MockTransport(answer)))


def says(status: int, body: Any = None, **headers: str) -> ArgoCdEngine:
    return engine(lambda _: httpx.Response(status, json=body, headers=headers))


@pytest.mark.parametrize(
    ("application", "server", "url"),
    [
        (NAME, "https://argocd.example/", f"https://argocd.example/api/v1/applications/{NAME}"),
        (NAME, "https://h/argo-cd", f"https://h/argo-cd/api/v1/applications/{NAME}"),
        (f"apps/{NAME}", "https://h", f"https://h/api/v1/applications/{NAME}?appNamespace=apps"),
        ("a?b#c%d e", "https://h", "https://h/api/v1/applications/a%3Fb%23c%25d%20e"),
        ("x&y=1/..a", "https://h", "https://h/api/v1/applications/..a?appNamespace=x%26y%3D1"),
    ],
)
def test_what_is_asked(application: str, server: str, url: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404)

    assert engine(answer, server).look(application) is None
    assert [(r.method, str(r.url), r.headers["authorization"]) for r in asked] == [("GET", url, f"Bearer {TOKEN}")]


def test_the_signal_is_the_one_that_a_notification_would_bring() -> None:
    found = says(200, app()).look(NAME)
    (notified,) = argocd.parse({"app": app(), "context": {}}, REPO)
    assert found == notified
    assert found is not None
    assert found.key == notified.key


def test_of_two_revisions_the_newer() -> None:
    application = app()
    application["status"]["sync"] = {"status": "Synced", "revision": "b" * 40}
    found = says(200, application).look(NAME)
    assert found is not None
    assert found.revision == "b" * 40


@pytest.mark.parametrize("application", ["", "ns/", ".", "..", "ns/.."])
def test_what_is_no_name_is_not_asked_about(application: str) -> None:
    assert engine(lambda _: pytest.fail("asked")).look(application) is None


@pytest.mark.parametrize(
    "made",
    [
        says(404, {"error": "not found"}),
        says(403, {"error": "permission denied"}),
        says(200, {}),
        says(200, []),
        says(200, {**app(), "metadata": {"name": "another", "namespace": "argocd"}}),
        says(200, {"items": [app()]}),
    ],
    ids=["404", "403", "empty", "list", "another", "a list of applications"],
)
def test_nothing_to_tell(made: ArgoCdEngine) -> None:
    assert made.look(NAME) is None


def raises(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


class Endless(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" " * 1_000_000


@pytest.mark.parametrize(
    ("made", "kind", "said"),
    [
        (says(401, {"error": f"bad {TOKEN}"}), Fatal, "ARGOCD_TOKEN"),
        (says(302, location="https://evil.example/"), Fatal, "ARGOCD_SERVER"),
        (says(307, location="https://evil.example/"), Fatal, "ARGOCD_SERVER"),
        (says(500), Transient, "status 500"),
        (says(503), Transient, "status 503"),
        (says(429), Transient, "status 429"),
        (says(418), Transient, "status 418"),
        (engine(lambda _: httpx.Response(200, content=b"<html>")), Transient, "none of Argo CD's"),
        (engine(lambda _: httpx.Response(200, content=b"[" * 100_000)), Transient, "none of Argo CD's"),
        (engine(lambda _: httpx.Response(200, content=b"\xff")), Transient, "none of Argo CD's"),
        (engine(lambda _: httpx.Response(200, stream=Endless())), Transient, "too long"),
        (engine(raises(httpx.ConnectError(f"no route, {TOKEN}"))), Transient, "ConnectError"),
        (engine(raises(httpx.ReadTimeout("slow"))), Transient, "ReadTimeout"),
        (engine(lambda _: httpx.Response(200), server="https://h:port"), Transient, "InvalidURL"),
    ],
)
def test_trouble(made: ArgoCdEngine, kind: type[SlackOpsError], said: str) -> None:
    with pytest.raises(kind, match=said) as raised:
        made.look(NAME)
    assert NAME in str(raised.value)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "pause"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("²", None), ("-1", None)]
)
def test_how_long_to_leave_it_alone(header: str, pause: float | None) -> None:
    made = engine(lambda _: httpx.Response(429, headers=[(b"retry-after", header.encode("latin-1"))]))
    with pytest.raises(Transient) as raised:
        made.look(NAME)
    assert raised.value.retry_after == pause


def test_the_token_is_not_carried_to_another_host() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://evil.example/api"})

    with pytest.raises(Fatal):
        engine(answer).look(NAME)
    assert asked == ["argocd.example"]


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1000, 6))
    monkeypatch.setattr(adapter.time, "monotonic", lambda: float(next(ticks)))
    pieces = [json.dumps(app()).encode(), b" ", b" ", b" "]
    made = engine(lambda _: httpx.Response(200, content=iter(pieces)))
    with pytest.raises(Transient, match="too slow"):
        made.look(NAME)
