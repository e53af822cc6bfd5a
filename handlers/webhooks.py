"""What GitHub's webhook may start. A delivery is verified, turned into a nudge or a signal, written down, and only then
accepted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.domain.commands import Command, LookRetrain
from bot.errors import SlackOpsError, StoreUnavailable
from bot.ports.inbox import Intake
from bot.signals import deployments, github, github_ci, github_training, membership
from handlers.signals import take

Count = Callable[[str, str], None]
"""Counts one delivery: (source, outcome)."""

Trainings = Callable[[str, str], Sequence[str]]
"""Which retrainings a run of a repository may be; it may ask the database. Raises StoreUnavailable."""

_DELIVERY = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def github_webhook(
    intake: Intake,
    secret: str | None,
    repository: str,
    count: Count,
    now: Callable[[], float] = time.time,
    own: Callable[[], str] = lambda: "",
    declared: Callable[[str], bool] = lambda _: True,
    trainings: Trainings = lambda _repo, _run: (),
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of ``POST /webhooks/github``; closed (404) when there is no ``secret``.

    ``repository`` is the deployment repo: what GitHub says of others is accepted and ignored, except of the CI of those
    that are ``declared``, which answers at once: a policy names few, and an App may be told of a thousand. ``own`` is
    the bot's account there; it may ask the forge the first time. ``trainings`` are asked of dispatched runs that ended.
    """
    me = _Myself(own)

    async def receive(request: Request) -> Response:
        if secret is None:
            return _answer(404, "this source is closed")
        body = await request.body()
        if not github.verify(secret, body, request.headers.get("x-hub-signature-256")):
            return _answer(401, "the signature is missing or wrong")
        event = request.headers.get("x-github-event", "")
        delivery = request.headers.get("x-github-delivery", "")
        if not event or not _DELIVERY.fullmatch(delivery):
            return _answer(400, "X-GitHub-Event and X-GitHub-Delivery are needed")
        try:
            payload = _payload(body, request.headers.get("content-type", ""))
        except (ValueError, RecursionError):
            return _answer(400, "the body is no JSON")
        return await _accept(intake, event, delivery, payload)

    async def _accept(intake: Intake, event: str, delivery: str, payload: object) -> Response:
        about = github.repository(payload)
        ours = about is not None and about.casefold() == repository.casefold()
        if ours and event == deployments.EVENT:
            return await take(intake, github.SOURCE, deployments.parse(payload), count, now())
        mine = await me.login() if event == "status" and github.is_of_ours(payload) else ""
        nudge, look = _command(event, payload, repository, mine, ours=ours), github_ci.parse(event, payload)
        look = look if look is not None and (ours or declared(look.repo)) else None
        asked = [(f"github:{delivery}", nudge), (f"github:{delivery}:ci", look)]
        rows = [(key, command) for key, command in asked if command is not None]
        try:
            rows += await _trained(event, payload, trainings)
            saved = [await intake.put(key, command) for key, command in rows]
        except StoreUnavailable:
            count(github.SOURCE, "not_saved")
            return _answer(503, "not saved, deliver again")
        if not rows:
            count(github.SOURCE, "ignored")
            return _answer(202, "ignored")
        new = any(saved)
        count(github.SOURCE, "accepted" if new else "repeated")
        return _answer(202, "accepted" if new else "accepted before")

    return receive


class _Myself:
    """The bot's own account, once it is known. Until then its own statuses are looked at like anybody's."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask, self._login = ask, ""

    async def login(self) -> str:
        """Its name; "" while the forge does not tell."""
        if not self._login:
            with suppress(SlackOpsError):
                self._login = await run_in_threadpool(self._ask)
        return self._login


async def _trained(event: str, payload: object, trainings: Trainings) -> list[tuple[str, Command]]:
    """A look at each retraining that the run may be, once for each time it ended."""
    ended = github_training.parse(event, payload)
    if ended is None:
        return []
    found = await run_in_threadpool(trainings, ended.repo, ended.run)
    return [(f"retrain-look:{one}:run:{ended.run}:{ended.attempt}", LookRetrain(retrain=one)) for one in found]


def _command(event: str, payload: object, repository: str, own: str, *, ours: bool) -> Command | None:
    """What to do about it; None for what is no concern of ours. Who left an organisation is about no repository."""
    if event == membership.EVENT:
        return membership.parse(payload, repository.partition("/")[0])
    return github.parse(event, payload, own) if ours else None


def _payload(body: bytes, content_type: str) -> object:
    """GitHub sends JSON, or a form with the JSON in ``payload`` when the webhook was set up so."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode()).get("payload", [""])[0].encode()
    return json.loads(body)


def _answer(status: int, words: str) -> Response:
    return JSONResponse({"status": words}, status_code=status)
