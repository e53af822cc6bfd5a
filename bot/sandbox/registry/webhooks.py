"""MLflow's webhooks: signed as its server signs them, and sent in the background.

https://mlflow.org/docs/latest/ml/webhooks/
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.sandbox import outgoing

KEEP = 200


@dataclass(frozen=True)
class Sent:
    """One delivery: sent again, it is the same to the last byte."""

    id: str
    headers: dict[str, str]
    body: bytes


class Webhooks:
    """A queue and one task that empties it. A failed post is tried again, with the same id, then it is lost, as there.

    While ``held`` is true nothing goes out: what waits is sent late, with the time at which it happened. With no
    ``url`` nothing is sent at all.
    """

    def __init__(self, url: str | None, secret: str, pauses: tuple[float, ...] = (0.0, 0.5, 2.0)) -> None:
        self._url, self._secret, self._pauses = url, secret, pauses
        self.sent: list[Sent] = []
        self.held = False
        self._waiting: list[Sent] = []
        self._queue: asyncio.Queue[Sent] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def send(self, entity: str, action: str, data: dict[str, Any], at: float | None = None) -> Sent | None:
        """Tell of something that happened at ``at`` (seconds since the epoch, now when it is None)."""
        if self._url is None:
            return None
        found = delivery(self._secret, entity, action, data, time.time() if at is None else at)
        self.sent = [*self.sent, found][-KEEP:]
        self._post_later(found)
        return found

    def again(self, one: Sent) -> None:
        """Send a delivery once more."""
        self._post_later(one)

    def release(self) -> None:
        """Send what was held back."""
        self.held = False
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._post_later(one)

    async def drain(self) -> None:
        """Return when everything is posted or given up."""
        await self._queue.join()

    async def stop(self) -> None:
        """Post no more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def _post_later(self, one: Sent) -> None:
        if self.held:
            self._waiting.append(one)
            return
        self._queue.put_nowait(one)
        self._task = self._task or asyncio.create_task(self._work())

    async def _work(self) -> None:
        async with outgoing.client(timeout=10) as client:
            while True:
                one = await self._queue.get()
                await self._post(client, one)
                self._queue.task_done()

    async def _post(self, client: httpx.AsyncClient, one: Sent) -> None:
        for pause in self._pauses:
            await asyncio.sleep(pause)
            try:
                reply = await client.post(str(self._url), content=one.body, headers=one.headers)
            except httpx.HTTPError:
                continue
            if reply.status_code < 500 and reply.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return


def delivery(secret: str, entity: str, action: str, data: dict[str, Any], at: float) -> Sent:
    """A delivery as MLflow's server makes it: the signature covers its id, its time and its body."""
    number, stamp = str(uuid.uuid4()), str(int(at))
    moment = datetime.fromtimestamp(at, UTC).isoformat()
    body = json.dumps({"entity": entity, "action": action, "timestamp": moment, "data": data}).encode()
    signed = hmac.new(secret.encode(), f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "X-MLflow-Delivery-Id": number,
        "X-MLflow-Timestamp": stamp,
        "X-MLflow-Signature": f"v1,{base64.b64encode(signed).decode()}",
    }
    return Sent(number, headers, body)
