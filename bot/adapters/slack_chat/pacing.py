"""Our own pace towards Slack: a small bucket a (method, channel), and silence while Slack asked for it.

Sources: https://docs.slack.dev/apis/web-api/rate-limits: one message a second a channel with short bursts above it; a
429 says in Retry-After for how long the method is to be left alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import ChatUnavailable

POSTING = frozenset({"chat.postMessage", "chat.postEphemeral"})


@dataclass
class _Bucket:
    level: float
    at: float
    quiet_until: float = 0.0


class Pacer:
    """Waits a little where that is enough, and raises ChatUnavailable with the time to wait where it is not.

    ``burst`` messages a channel at once, then one a second; ``patience`` is the longest wait in seconds.
    """

    def __init__(
        self,
        burst: int = 4,
        patience: float = 2.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._burst, self._patience, self._now, self._sleep = float(burst), patience, now, sleep
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, method: str, channel: str = "") -> None:
        """Take one turn. Raises ChatUnavailable when it comes later than one may wait."""
        delay = self._reserve(method, channel)
        if delay > 0:
            self._sleep(delay)

    def _reserve(self, method: str, channel: str) -> float:
        with self._lock:
            now, bucket = self._now(), self._bucket(method, channel)
            bucket.level = min(self._burst, bucket.level + (now - bucket.at))
            bucket.at = now
            short = max(0.0, 1.0 - bucket.level) if method in POSTING else 0.0
            delay = max(short, bucket.quiet_until - now)
            if delay > self._patience:
                raise ChatUnavailable(f"Slack is being left alone for {delay:.0f} s ({method}).", delay)
            bucket.level -= 1.0 if method in POSTING else 0.0
            return delay

    def quiet(self, method: str, channel: str, seconds: float) -> None:
        """Slack asked to be left alone by this method for so long."""
        with self._lock:
            bucket = self._bucket(method, channel)
            bucket.quiet_until = max(bucket.quiet_until, self._now() + seconds)

    def _bucket(self, method: str, channel: str) -> _Bucket:
        key = (method, channel if method in POSTING else "")
        if len(self._buckets) > 10_000:
            self._buckets.clear()
        return self._buckets.setdefault(key, _Bucket(self._burst, self._now()))
