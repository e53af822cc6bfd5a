"""What stands in front of everything: size, and for Slack the signature, the timestamp and the encoding.

Before it authenticates, Bolt answers 500 to a timestamp that is no integer, to a body that is not UTF-8 and to JSON
that does not parse, and it reads a body of any size into memory. None of that gets past here. Pure ASGI: this runs on
every request, within Slack's three seconds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.slack_body import is_readable

MAX_BODY = 1024 * 1024
"""Bytes. Slack and GitHub stay far below it."""

SLACK_WINDOW = 300
"""Seconds that a signed request may be old: https://docs.slack.dev/authentication/verifying-requests-from-slack"""

_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


class TooLarge(Exception):  # noqa: N818  (a verdict, not a fault of ours)
    """The body is longer than ``MAX_BODY``."""


class Gone(Exception):  # noqa: N818
    """The client went away in the middle of its body."""


async def answer(send: Send, status: int, words: str) -> None:
    """A short plain answer. 413 closes the connection: the rest of the body is not going to be read."""
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 413:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body. Raises TooLarge as soon as it is known to be, and Gone."""
    announced = header(scope, b"content-length")
    if announced is not None and announced.isdigit() and (len(announced) > 9 or int(announced) > MAX_BODY):
        raise TooLarge
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    body: bytes = message.get("body", b"")
    chunks, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            raise TooLarge
    if size > MAX_BODY:
        raise TooLarge
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this lower-case name."""
    return next((value for key, value in scope["headers"] if key == name), None)


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that tells the body once more, then what really comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class SlackGuard:
    """Lets to ``app`` only what Slack signed and what Bolt can read; 401 or 400 for the rest."""

    def __init__(self, app: ASGIApp, signing_secret: str, now: Callable[[], float] = time.time) -> None:
        self._app, self._secret, self._now = app, signing_secret.encode(), now
        self._log = structlog.get_logger("web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        """Judge the body that was read already, and hand it on."""
        if not self.is_signed(scope, body):
            await answer(send, 401, "the signature, or its timestamp, is missing, wrong or old")
        elif not is_readable(body, header(scope, b"content-type") or b""):
            await answer(send, 400, "the body is not what Slack sends")
        else:
            await self._hand_on(scope, replay(body, receive), send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bolt answers for its listeners itself; what it raises comes from a body of a shape that it cannot read."""
        try:
            await self._app(scope, receive, send)
        except Exception:  # noqa: BLE001  (signed, yet of no shape that Slack documents)
            self._log.warning("unreadable_slack_request", exc_info=True)
            await answer(send, 400, "the body is not what Slack sends")

    def is_signed(self, scope: Scope, body: bytes) -> bool:
        """Whether Slack signed this body within the window, compared in constant time."""
        at, signature = header(scope, b"x-slack-request-timestamp"), header(scope, b"x-slack-signature")
        if at is None or signature is None or not _TIMESTAMP.fullmatch(at):
            return False
        if abs(self._now() - int(at)) > SLACK_WINDOW:
            return False
        expected = hmac.new(self._secret, b"v0:" + at + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(b"v0=" + expected.encode(), signature)
