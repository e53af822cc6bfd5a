"""HTTP gates: the facts of a change are posted, signed; a verdict comes back, or nothing that counts.

The whole call has one deadline. A blocking client bounds only each wait for the next piece, so that a server which
sends a byte now and then could hold it for ever (https://www.python-httpx.org/advanced/timeouts/): an event loop of its
own can be left at any moment.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING

from bot.domain.gating.facts import Answer
from bot.domain.gating.http_answer import MOST_BYTES, read_answer, unknown

if TYPE_CHECKING:
    import httpx

SIGNATURE = "X-SlackOps-Signature"
KEPT_SECONDS, UNKNOWN_SECONDS = 600.0, 30.0
MOST_KEPT, AT_ONCE = 1_000, 8
IN_A_ROW = 2
"""After so many questions in a row without an answer in time a service is not asked for a while: it would cost every
change its timeout, and the threads in which other services are asked."""
GRACE_SECONDS = 0.5
"""Looking up a host name cannot be broken off; it is left behind when this has passed beyond the deadline."""
NO_SECRET = "not asked: SLACKOPS_GATE_SECRET is not set"  # noqa: S105  (the name of the setting)

Key = tuple[str, str]


class HttpGateCalls:
    """The GateCalls port. Thread-safe; the same question is asked once at a time, and its answer kept for a while.

    ``transport`` stands in for the network, ``now`` for the clock that signatures carry.
    """

    def __init__(
        self,
        secret: str | None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._secret, self._transport, self._now = secret, transport, now
        self._kept: dict[Key, tuple[float, Answer]] = {}
        self._asking: dict[Key, Future[Answer]] = {}
        self._silent: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="http-gate")

    def ask(self, url: str, body: bytes, timeout: float) -> Answer:
        """As the port says."""
        if self._secret is None:
            return unknown(NO_SECRET)
        key = (url, hashlib.sha256(body).hexdigest())
        with self._lock:
            until, answer = self._kept.get(key, (0.0, None))
            if answer is not None and time.monotonic() < until:
                return answer
            if time.monotonic() < self._silent.get(url, (0, 0.0))[1]:
                return _late(timeout)
            asked = self._asking.get(key) or self._begin(key, url, body, timeout)
        try:
            answer = asked.result(timeout + GRACE_SECONDS)
        except (FutureTimeout, CancelledError):
            asked.cancel()
            answer = self._keep(key, _late(timeout))
        self._note(url, answered=answer != _late(timeout))
        return answer

    def _note(self, url: str, *, answered: bool) -> None:
        """Count what a service did not answer in time."""
        with self._lock:
            count = 0 if answered else self._silent.get(url, (0, 0.0))[0] + 1
            self._silent.pop(url, None)
            if count:
                self._silent[url] = count, time.monotonic() + UNKNOWN_SECONDS if count >= IN_A_ROW else 0.0

    def _begin(self, key: Key, url: str, body: bytes, timeout: float) -> Future[Answer]:
        asked = self._pool.submit(lambda: self._keep(key, asyncio.run(self._within(url, body, timeout))))
        self._asking[key] = asked
        return asked

    def _keep(self, key: Key, answer: Answer) -> Answer:
        """Keep it; a stale question that comes back late changes nothing."""
        seconds = UNKNOWN_SECONDS if answer.state == "unknown" else KEPT_SECONDS
        with self._lock:
            self._asking.pop(key, None)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (time.monotonic() + seconds, answer)
        return answer

    async def _within(self, url: str, body: bytes, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                return await self._post(url, body)
        except TimeoutError:
            return _late(seconds)
        except Exception as error:  # noqa: BLE001  (their words may hold the address; the port never raises)
            return unknown(f"no answer ({type(error).__name__})")

    async def _post(self, url: str, body: bytes) -> Answer:
        import httpx

        headers = {"content-type": "application/json", "accept": "application/json", "accept-encoding": "identity"}
        headers[SIGNATURE] = signature(self._secret or "", int(self._now()), body)
        async with (
            httpx.AsyncClient(timeout=None, transport=self._transport) as client,  # noqa: S113  (the caller ends it)
            client.stream("POST", url, content=body, headers=headers, follow_redirects=False) as answer,
        ):
            if answer.status_code != 200:
                return unknown(f"it answers with status {answer.status_code}")
            found = bytearray()
            async for piece in answer.aiter_raw():  # not unpacked: a small body may hide a large one
                found += piece
                if len(found) > MOST_BYTES:
                    return unknown(f"its answer is longer than {MOST_BYTES // 1024} KiB")
            return read_answer(bytes(found))


def signature(secret: str, moment: int, body: bytes) -> str:
    """`t=1700000000,v1=…`: HMAC-SHA256, in hex, over the moment, a dot and the body."""
    signed = b"%d." % moment + body
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _late(timeout: float) -> Answer:
    return unknown(f"no answer within {timeout:g} s")
