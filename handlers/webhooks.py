"""What GitHub's webhook may start. A delivery is verified, turned into a nudge or a signal, written down, and only then
accepted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import StoreUnavailable
from bot.ports.inbox import Intake
from bot.signals import deployments, github
from handlers.signals import take

Count = Callable[[str, str], None]
"""Counts one delivery: (source, outcome)."""

_DELIVERY = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def github_webhook(
    intake: Intake, secret: str | None, repository: str, count: Count, now: Callable[[], float] = time.time
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of ``POST /webhooks/github``; closed (404) when there is no ``secret``.

    ``repository`` is the deployment repo: what GitHub says of others is accepted and ignored.
    """

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
        nudge = github.parse(event, payload) if ours else None
        if nudge is None:
            count(github.SOURCE, "ignored")
            return _answer(202, "ignored")
        try:
            new = await intake.put(f"github:{delivery}", nudge)
        except StoreUnavailable:
            count(github.SOURCE, "not_saved")
            return _answer(503, "not saved, deliver again")
        count(github.SOURCE, "accepted" if new else "repeated")
        return _answer(202, "accepted" if new else "accepted before")

    return receive


def _payload(body: bytes, content_type: str) -> object:
    """GitHub sends JSON, or a form with the JSON in ``payload`` when the webhook was set up so."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode()).get("payload", [""])[0].encode()
    return json.loads(body)


def _answer(status: int, words: str) -> Response:
    return JSONResponse({"status": words}, status_code=status)
