"""POST /webhooks/github through the whole app."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
from starlette.routing import Route

from bot.domain.commands import LookRetrain, Nudge
from bot.errors import StoreUnavailable
from bot.web import Metrics, asgi
from handlers.webhooks import github_webhook
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox, FakeIntake
from tests.signals.test_github import sign

SECRET = "It's a Secret"
OPENED = {"number": 7, "pull_request": {"number": 7}, "repository": {"full_name": "Acme/ml-deployments"}}


class Hooked:
    """The app, its inbox, and what was counted."""

    def __init__(self, secret: str | None = SECRET) -> None:
        self.own, self.declared = "", frozenset({"acme/training"})
        self.trains: dict[tuple[str, str], list[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.away = False
        self.inbox, self.counted = FakeInbox(FakeClock()), []  # type: tuple[FakeInbox, list[tuple[str, str]]]
        hook = github_webhook(
            FakeIntake(self.inbox),
            secret,
            "acme/ml-deployments",
            lambda s, o: self.counted.append((s, o)),
            own=lambda: self.own,
            declared=lambda repo: repo in self.declared,
            trainings=self.trainings,
        )
        routes = [Route("/webhooks/github", hook, methods=["POST"])]
        app = asgi(slack=None, signing_secret=None, ready=dict, metrics=Metrics(dict), routes=routes)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://bot"
        )

    def trainings(self, repo: str, run: str) -> list[str]:
        self.asked.append((repo, run))
        if self.away:
            raise StoreUnavailable("the database is away")
        return self.trains.get((repo, run), [])

    async def post(
        self, body: object, event: str | None = "pull_request", delivery: str | None = "d-1", **headers: str
    ) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"x-hub-signature-256": sign(SECRET, raw), "content-type": "application/json"}
        sent |= {"x-github-event": event} if event is not None else {}
        sent |= {"x-github-delivery": delivery} if delivery is not None else {}
        sent |= {k.replace("_", "-"): v for k, v in headers.items()}
        return (await self.client.post("/webhooks/github", content=raw, headers=sent)).status_code


@pytest.fixture
async def hooked() -> AsyncIterator[Hooked]:
    made = Hooked()
    yield made
    await made.client.aclose()


async def test_a_nudge_is_put_under_its_delivery_key_once(hooked: Hooked) -> None:
    assert await hooked.post(OPENED) == 202
    assert await hooked.post(OPENED) == 202
    row = hooked.inbox.claim("w", 30)
    assert row is not None
    assert (row.key, row.command) == ("github:d-1", Nudge(source="github", pulls=(7,)))
    assert hooked.inbox.claim("w", 30) is None
    assert hooked.counted == [("github", "accepted"), ("github", "repeated")]


async def test_a_form_with_the_json_inside(hooked: Hooked) -> None:
    body = urlencode({"payload": json.dumps(OPENED)}).encode()
    assert await hooked.post(body, content_type="application/x-www-form-urlencoded") == 202
    assert hooked.inbox.claim("w", 30) is not None


@pytest.mark.parametrize("event", ["ping", "star", "pull_request_review_thread"])
async def test_unknown_events_are_accepted_and_counted(hooked: Hooked, event: str) -> None:
    assert await hooked.post(OPENED, event=event) == 202
    assert hooked.inbox.records == []
    assert hooked.counted == [("github", "ignored")]


async def test_other_repositories_and_odd_bodies_are_ignored(hooked: Hooked) -> None:
    for body in ({**OPENED, "repository": {"full_name": "acme/other"}}, {}, [], 7, None, "x"):
        assert await hooked.post(body) == 202
    assert hooked.inbox.records == []


async def test_no_secret_no_door() -> None:
    closed = Hooked(secret=None)
    assert await closed.post(OPENED) == 404


async def test_wrong_signatures_are_401(hooked: Hooked) -> None:
    assert await hooked.post(OPENED, x_hub_signature_256="sha256=" + "0" * 64) == 401
    assert await hooked.post(OPENED, x_hub_signature_256="") == 401
    assert await hooked.post(b"not json", x_hub_signature_256="nothing") == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000])
async def test_a_signed_body_that_is_no_json_is_400(hooked: Hooked, body: bytes) -> None:
    assert await hooked.post(body) == 400


async def test_missing_headers_are_400(hooked: Hooked) -> None:
    assert await hooked.post(OPENED, delivery=None) == 400
    assert await hooked.post(OPENED, event=None) == 400
    assert await hooked.post(OPENED, delivery="x" * 101) == 400
    assert await hooked.post(OPENED, delivery="a b") == 400


async def test_a_store_that_is_down_is_503_so_that_it_is_sent_again(hooked: Hooked) -> None:
    hooked.inbox.down = True
    assert await hooked.post(OPENED) == 503
    hooked.inbox.down = False
    assert await hooked.post(OPENED) == 202
    assert hooked.counted == [("github", "not_saved"), ("github", "accepted")]


async def test_too_large_and_wrong_method(hooked: Hooked) -> None:
    assert await hooked.post(b"x" * (2 * 1024 * 1024)) == 413
    assert (await hooked.client.get("/webhooks/github")).status_code == 405


async def test_only_the_bots_own_statuses_are_ignored(hooked: Hooked) -> None:
    status = {"sha": "a" * 40, "context": "slackops/approvals", "repository": {"full_name": "acme/ml-deployments"}}
    assert await hooked.post(status | {"sender": {"login": "slackops[bot]"}}, "status", "d-1") == 202
    hooked.own = "slackops[bot]"
    assert await hooked.post(status | {"sender": {"login": "slackops[bot]"}}, "status", "d-2") == 202
    hooked.own = "was asked once"
    assert await hooked.post(status | {"sender": {"login": "slackops[bot]"}}, "status", "d-3") == 202
    assert await hooked.post(status | {"sender": {"login": "ben"}}, "status", "d-4") == 202
    assert [outcome for _, outcome in hooked.counted] == ["accepted", "ignored", "ignored", "accepted"]


async def test_ci_is_written_down_of_declared_repositories_and_of_the_deployment_repo_alone(hooked: Hooked) -> None:
    ended = {"action": "completed", "check_run": {"head_sha": "a" * 40}}
    for number, repo in enumerate(("evil/x", "acme/training", "Acme/ML-deployments")):
        body = ended | {"repository": {"full_name": repo}}
        assert await hooked.post(body, "check_run", f"d-{number}") == 202
    assert [outcome for _, outcome in hooked.counted] == ["ignored", "accepted", "accepted"]
    keys = [row.key for row in hooked.inbox.records]
    assert [key for key in keys if key.endswith(":ci")] == ["github:d-1:ci", "github:d-2:ci"]


RUN = {"id": 7, "event": "workflow_dispatch", "run_attempt": 1}
ENDED = {"action": "completed", "repository": {"full_name": "acme/fraud"}, "workflow_run": RUN}


async def test_a_training_that_ended_is_looked_at_at_once_and_once_for_each_end(hooked: Hooked) -> None:
    hooked.trains["acme/fraud", "7"] = ["01R"]
    for delivery in ("d-1", "d-2"):
        assert await hooked.post(ENDED, "workflow_run", delivery) == 202
    again = ENDED | {"workflow_run": RUN | {"run_attempt": 2}}
    assert await hooked.post(again, "workflow_run", "d-3") == 202
    keys = []
    while (row := hooked.inbox.claim("w", 30)) is not None:
        hooked.inbox.done(row)
        assert row.command == LookRetrain(retrain="01R")
        keys.append(row.key)
    assert keys == ["retrain-look:01R:run:7:1", "retrain-look:01R:run:7:2"]


async def test_only_what_ended_is_asked_about_and_only_of_who_knows_the_secret(hooked: Hooked) -> None:
    hooked.trains["acme/fraud", "7"] = ["01R"]
    assert await hooked.post(ENDED | {"action": "requested"}, "workflow_run") == 202
    assert await hooked.post(ENDED, "workflow_run", x_hub_signature_256="sha256=" + "0" * 64) == 401
    assert (hooked.inbox.records, hooked.asked) == ([], [])


async def test_while_the_store_is_away_a_training_that_ended_is_to_be_told_again(hooked: Hooked) -> None:
    hooked.away = True
    assert await hooked.post(ENDED, "workflow_run") == 503
