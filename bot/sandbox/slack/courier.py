"""Delivery to the app: signed HTTP or Socket Mode, three seconds for the ack, redelivery of events only."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.sandbox.outgoing import client
from bot.sandbox.slack.config import Delivered, WorkspaceConfig
from bot.sandbox.slack.ids import fresh
from bot.sandbox.slack.signing import signed_headers
from bot.sandbox.slack.sockets import Sockets

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
REASONS = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed"}


@dataclass(frozen=True)
class Parcel:
    """One thing for the app: ``kind`` is slash_commands, interactive or events_api."""

    id: str
    kind: str
    payload: dict[str, Any]
    tries: int = 0

    def body(self) -> tuple[str, bytes]:
        """Content type and body, the same at every try."""
        if self.kind == "events_api":
            return JSON, json.dumps(self.payload).encode()
        fields = {"payload": json.dumps(self.payload)} if self.kind == "interactive" else self.payload
        return FORM, urlencode(fields).encode()


class Courier:
    """Delivers, remembers what it delivered, and retries events in the background."""

    def __init__(self, config: WorkspaceConfig, sockets: Sockets, keep: int = 2000) -> None:
        self._config, self._sockets, self._keep = config, sockets, keep
        self._sent: dict[str, Parcel] = {}
        self._tasks: set[asyncio.Task[Delivered]] = set()
        self._client: httpx.AsyncClient | None = None

    async def deliver(self, kind: str, payload: dict[str, Any]) -> Delivered:
        """One try, as for commands and interactivity."""
        return await self._attempt(Parcel(fresh("DL"), kind, payload), "")

    def event(self, payload: dict[str, Any]) -> asyncio.Task[Delivered]:
        """Up to four tries in the background."""
        task = asyncio.create_task(self._persist(Parcel(fresh("DL"), "events_api", payload)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _persist(self, parcel: Parcel) -> Delivered:
        outcome = await self._attempt(parcel, "")
        for delay in self._config.event_retry_delays:
            if outcome.error is None or outcome.error == "no_retry":
                break
            await asyncio.sleep(delay)
            reason = REASONS.get(outcome.error, "http_error")
            outcome = await self._attempt(self._sent.get(parcel.id, parcel), reason)
        return outcome

    async def redeliver(self, delivery_id: str) -> Delivered:
        """The same body once more, marked as a retry. Raises LookupError."""
        if delivery_id not in self._sent:
            raise LookupError(f"no delivery {delivery_id}")
        return await self._attempt(self._sent[delivery_id], "http_timeout")

    async def _attempt(self, parcel: Parcel, reason: str) -> Delivered:
        self._sent[parcel.id] = replace(parcel, tries=parcel.tries + 1)
        for old in list(self._sent)[: -self._keep]:
            del self._sent[old]
        outcome = Delivered(parcel.id, 0, None, parcel.tries)
        send = self._over_socket if self._sockets.count else self._over_http
        try:
            async with asyncio.timeout(self._config.ack_seconds):
                return await send(parcel, reason, outcome)
        except TimeoutError:
            return replace(outcome, error="operation_timeout")
        except (ConnectionError, httpx.TransportError):
            return replace(outcome, error="connection_failed")

    async def _over_socket(self, parcel: Parcel, reason: str, outcome: Delivered) -> Delivered:
        payload = await self._sockets.deliver(parcel.kind, parcel.payload, parcel.tries, reason.removeprefix("http_"))
        return replace(outcome, status=200, body=payload or None)

    async def _over_http(self, parcel: Parcel, reason: str, outcome: Delivered) -> Delivered:
        kind, body = parcel.body()
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= signed_headers(self._config.signing_secret, body)
        if parcel.tries:
            headers |= {"X-Slack-Retry-Num": str(parcel.tries), "X-Slack-Retry-Reason": reason}
        reply = await self._http().post(self._config.events_url, content=body, headers=headers)
        answer = replace(outcome, status=reply.status_code, body=answer_of(reply))
        if reply.is_success:
            return answer
        final = reply.headers.get("X-Slack-No-Retry") == "1"
        return replace(answer, error="no_retry" if final else "dispatch_failed")

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = client(timeout=self._config.ack_seconds)
        return self._client

    async def settled(self) -> None:
        """Return when no event is on its way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Give up what is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await self.settled()
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def answer_of(reply: httpx.Response) -> dict[str, Any] | str | None:
    """The app's answer: JSON where it says so, else text, None when empty."""
    if not reply.content:
        return None
    if reply.headers.get("content-type", "").startswith(JSON):
        try:
            data = reply.json()
        except ValueError:
            return reply.text
        return data if isinstance(data, dict) else reply.text
    return reply.text
