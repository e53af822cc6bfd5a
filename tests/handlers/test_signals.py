"""POST /webhooks/{argocd,flux,rollout,alertmanager} through the whole app."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from bot.domain.commands import TakeSignals
from bot.domain.signal import Phase
from bot.web import Metrics, asgi
from handlers.signals import signal_webhook, sources
from handlers.webhooks import github_webhook
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox, FakeIntake
from tests.signals import test_alertmanager, test_argocd, test_deployments, test_flux, test_rollout_json
from tests.signals.test_verify import sign

REPO = "acme/ml-deployments"
NAMES = ["argocd", "flux", "rollout", "alertmanager"]
SECRETS: dict[str, str | None] = {name: f"the-secret-of-{name}" for name in NAMES}
BODIES: dict[str, Any] = {
    "argocd": {"app": test_argocd.app()},
    "flux": test_flux.event(),
    "rollout": test_rollout_json.FULL,
    "alertmanager": test_alertmanager.body(test_alertmanager.alert()),
}
NOTHING: dict[str, Any] = {"argocd": {"app": {}}, "flux": {}, "rollout": [], "alertmanager": {"version": "4"}}
NOW = 1_900_000_000.0


class Hooked:
    """The app, its inbox, and what was counted."""

    def __init__(self, secrets: dict[str, str | None] = SECRETS) -> None:
        self.inbox, self.counted = FakeInbox(FakeClock()), []  # type: tuple[FakeInbox, list[tuple[str, str]]]
        intake = FakeIntake(self.inbox)

        def count(source: str, outcome: str) -> None:
            self.counted.append((source, outcome))

        ends = {s.name: signal_webhook(intake, s, count, lambda: NOW) for s in sources(secrets, REPO)}
        ends["github"] = github_webhook(intake, "github-secret", REPO, count, lambda: NOW)
        routes = [Route(f"/webhooks/{name}", end, methods=["POST"]) for name, end in ends.items()]
        app = asgi(slack=None, signing_secret=None, ready=dict, metrics=Metrics(dict), routes=routes)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot"
        )

    async def post(self, name: str, body: object, **headers: str) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer the-secret-of-{name}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return await self.client.post(f"/webhooks/{name}", content=raw, headers=sent)

    def taken(self) -> list[tuple[str, TakeSignals]]:
        """What stands in the inbox: key and command."""
        rows = [self.inbox.claim("w", 30) for _ in self.inbox.records]
        return [(row.key, row.command) for row in rows if row and isinstance(row.command, TakeSignals)]


@pytest.fixture
async def hooked() -> AsyncIterator[Hooked]:
    made = Hooked()
    yield made
    await made.client.aclose()


@pytest.mark.parametrize("name", NAMES)
async def test_a_signal_is_put_under_its_key_once(hooked: Hooked, name: str) -> None:
    answers = [await hooked.post(name, BODIES[name]) for _ in range(2)]
    assert [(a.status_code, a.json()["status"]) for a in answers] == [(202, "accepted"), (202, "accepted before")]
    ((key, command),) = hooked.taken()
    (signal,) = command.signals
    assert (key, signal.source) == (f"signal:{signal.key}", name)
    assert hooked.counted == [(name, "accepted"), (name, "repeated")]


@pytest.mark.parametrize("name", NAMES)
async def test_what_tells_nothing_is_accepted_and_counted(hooked: Hooked, name: str) -> None:
    answer = await hooked.post(name, NOTHING[name])
    assert (answer.status_code, answer.json()) == (202, {"status": "ignored"})
    assert hooked.inbox.records == []
    assert hooked.counted == [(name, "ignored")]


@pytest.mark.parametrize("secret", [None, ""])
@pytest.mark.parametrize("name", NAMES)
async def test_no_secret_no_door(name: str, secret: str | None) -> None:
    closed = Hooked({**SECRETS, name: secret})
    assert (await closed.post(name, BODIES[name])).status_code == 404
    assert (await closed.post(name, BODIES[name], authorization="Bearer ")).status_code == 404
    assert closed.inbox.records == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic the-secret-of-argocd", "Bearer \xff"])
@pytest.mark.parametrize("name", NAMES)
async def test_who_does_not_know_the_secret_is_401_before_the_body_is_read(
    hooked: Hooked, name: str, header: str
) -> None:
    for body in (json.dumps(BODIES[name]).encode(), b"no json"):
        sent = {"authorization": header.encode("latin-1")}
        answer = await hooked.client.post(f"/webhooks/{name}", content=body, headers=sent)
        assert answer.status_code == 401
    assert (await hooked.client.post(f"/webhooks/{name}", content=b"{}")).status_code == 401
    assert hooked.inbox.records == []


@pytest.mark.parametrize(("name", "status"), [("flux", 202), ("rollout", 202), ("argocd", 401), ("alertmanager", 401)])
async def test_who_may_sign_instead(hooked: Hooked, name: str, status: int) -> None:
    raw = json.dumps(BODIES[name]).encode()
    signed = sign(f"the-secret-of-{name}", raw)
    assert (await hooked.post(name, raw, authorization="", x_signature=signed)).status_code == status
    assert (await hooked.post(name, raw + b" ", authorization="", x_signature=signed)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000], ids=repr)
@pytest.mark.parametrize("name", NAMES)
async def test_what_is_no_json_is_400(hooked: Hooked, name: str, body: bytes) -> None:
    assert (await hooked.post(name, body)).status_code == 400
    assert hooked.inbox.records == []


async def test_our_own_form_says_what_is_wrong(hooked: Hooked) -> None:
    answer = await hooked.post("rollout", {**test_rollout_json.LEAST, "phase": "fine"})
    assert answer.status_code == 400
    assert answer.json()["status"].startswith("phase: ")


@pytest.mark.parametrize("name", NAMES)
async def test_a_store_that_is_down_is_503_so_that_it_is_sent_again(hooked: Hooked, name: str) -> None:
    hooked.inbox.down = True
    assert (await hooked.post(name, BODIES[name])).status_code == 503
    hooked.inbox.down = False
    assert (await hooked.post(name, BODIES[name])).status_code == 202
    assert hooked.counted == [(name, "not_saved"), (name, "accepted")]


@pytest.mark.parametrize("name", NAMES)
async def test_too_large_and_wrong_method(hooked: Hooked, name: str) -> None:
    assert (await hooked.post(name, b"x" * (2 * 1024 * 1024))).status_code == 413
    assert (await hooked.client.get(f"/webhooks/{name}")).status_code == 405


async def test_many_signals_of_a_body_are_one_row_whatever_their_order(hooked: Hooked) -> None:
    alerts = [test_alertmanager.alert(fingerprint=f"{n}") for n in range(3)]
    for some in (alerts, alerts[::-1], alerts[:2]):
        await hooked.post("alertmanager", test_alertmanager.body(*some))
    assert [len(command.signals) for _, command in hooked.taken()] == [3, 2]


async def test_a_clock_that_runs_ahead_does_not_stay_the_newest(hooked: Hooked) -> None:
    ahead = {**test_rollout_json.FULL, "at": "9999-01-01T00:00:00Z"}
    slightly = {**test_rollout_json.FULL, "at": "2030-03-17T17:51:40Z"}  # 300 s after NOW
    for body in (ahead, ahead, slightly):
        await hooked.post("rollout", body)
    assert [command.signals[0].at for _, command in hooked.taken()] == [NOW, NOW + 300]
    assert hooked.counted == [("rollout", o) for o in ("accepted", "repeated", "accepted")]


def github_headers(raw: bytes, delivery: str) -> dict[str, str]:
    return {
        "x-hub-signature-256": sign("github-secret", raw),
        "x-github-event": "deployment_status",
        "x-github-delivery": delivery,
    }


@pytest.mark.parametrize(
    ("repository", "state", "outcomes"),
    [
        ("Acme/ml-deployments", "success", ["accepted", "repeated"]),
        ("acme/ml-deployments", "inactive", ["ignored", "ignored"]),
        ("acme/other", "success", ["ignored", "ignored"]),
    ],
)
async def test_github_s_deployment_statuses(hooked: Hooked, repository: str, state: str, outcomes: list[str]) -> None:
    raw = json.dumps({**test_deployments.event(state), "repository": {"full_name": repository}}).encode()
    for delivery in ("d-1", "d-2"):  # by the App's own webhook, and by the repository's
        answer = await hooked.client.post("/webhooks/github", content=raw, headers=github_headers(raw, delivery))
        assert answer.status_code == 202
    assert hooked.counted == [("github", outcome) for outcome in outcomes]
    assert [c.signals[0].phase for _, c in hooked.taken()] == [Phase.HEALTHY] * outcomes.count("accepted")
