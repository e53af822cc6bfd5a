"""Delivers webhooks as GitHub does: signed, in the background, once; each is recorded and can be sent again."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import httpx

from bot.sandbox import outgoing
from bot.sandbox.github.store import Doc, Store, now

KEEP = 500
TIMEOUT = 10.0


class Webhooks:
    """The queue of deliveries and the task that empties it, in order. ``enabled`` False loses them, as in an outage."""

    def __init__(self, store: Store) -> None:
        self._store, self.enabled = store, True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Queue[int] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to deliver; what an earlier run left undelivered goes first."""
        if self._task:
            return
        self._loop, self._queue = asyncio.get_running_loop(), asyncio.Queue()
        for waiting in [doc["id"] for doc in self._store.deliveries().all() if doc["status"] == "pending"]:
            self._queue.put_nowait(waiting)
        self._task = asyncio.create_task(self._work(self._queue))

    async def stop(self) -> None:
        """Stop delivering; what is queued stays recorded."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._task = self._queue = self._loop = None

    async def drain(self) -> None:
        """Wait until everything queued so far was delivered."""
        if self._queue:
            await self._queue.join()

    def send(self, hook: Doc, event: str, payload: Doc, guid: str | None = None) -> int | None:
        """Queue one delivery, from any thread; returns its id."""
        if not self.enabled:
            return None
        number = self._store.next_id("delivery")
        self._store.deliveries().put(number, _delivery(number, hook, event, payload, guid))
        self._store.deliveries().delete(number - KEEP)
        if self._loop and self._queue:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, number)
        return number

    def redeliver(self, number: int) -> int | None:
        """Queue a delivery again, with the same X-GitHub-Delivery. Raises KeyError."""
        doc = self._store.deliveries().get(number)
        if doc is None:
            raise KeyError(number)
        hook = {"id": doc["hook_id"], "config": doc["config"]}
        again = self.send(hook, doc["event"], doc["payload"], doc["guid"])
        if again:
            self._store.deliveries().put(again, {**(self._store.deliveries().get(again) or {}), "redelivery": True})
        return again

    async def _work(self, queue: asyncio.Queue[int]) -> None:
        async with outgoing.client(timeout=TIMEOUT) as client:
            while True:
                number = await queue.get()
                try:
                    await self._deliver(client, number)
                finally:
                    queue.task_done()

    async def _deliver(self, client: httpx.AsyncClient, number: int) -> None:
        doc = self._store.deliveries().get(number)
        if doc is None:
            return
        body = json.dumps(doc["payload"]).encode()
        started = time.monotonic()
        try:
            reply = await client.post(doc["config"]["url"], content=body, headers=headers(doc, body))
            outcome = {"status_code": reply.status_code, "status": reply.reason_phrase or str(reply.status_code)}
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            outcome = {"status_code": 0, "status": f"failed to connect: {type(error).__name__}"}
        duration = round(time.monotonic() - started, 3)
        self._store.deliveries().put(number, {**doc, **outcome, "duration": duration, "delivered_at": now()})


def _delivery(number: int, hook: Doc, event: str, payload: Doc, guid: str | None) -> Doc:
    return {
        "id": number,
        "guid": guid or str(uuid.uuid4()),
        "hook_id": hook["id"],
        "config": hook["config"],
        "event": event,
        "action": payload.get("action"),
        "payload": payload,
        "status": "pending",
        "status_code": 0,
        "duration": 0.0,
        "redelivery": False,
        "delivered_at": now(),
    }


def headers(doc: Doc, body: bytes) -> dict[str, str]:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers"""
    fields: dict[str, Any] = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Event": doc["event"],
        "X-GitHub-Delivery": doc["guid"],
        "X-GitHub-Hook-ID": str(doc["hook_id"]),
    }
    secret = doc["config"].get("secret")
    if secret:
        fields["X-Hub-Signature-256"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        fields["X-Hub-Signature"] = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return fields
