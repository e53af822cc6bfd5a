"""Slack's rate limits (https://docs.slack.dev/apis/web-api/rate-limits) as token buckets; off unless configured."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from bot.sandbox.slack.refusal import SlackError

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}


@dataclass
class Bucket:
    """``size`` calls at once, refilled at ``rate`` a second."""

    size: float
    rate: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """0 when the call may pass, else the seconds to wait."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return (1 - self.level) / self.rate
        self.level -= 1
        return 0.0


class Limits:
    """One bucket a method, and one a channel for chat.postMessage."""

    def __init__(self, *, enforce: bool, post_burst: int) -> None:
        self.enforce, self._burst = enforce, post_burst
        self._buckets: dict[str, Bucket] = {}

    def check(self, method: str, tier: int, channel: str) -> None:
        """Raises SlackError ratelimited: HTTP 429 with Retry-After in whole seconds."""
        if not self.enforce:
            return
        posting = method in ("chat.postMessage", "chat.postEphemeral")
        key = f"{method}:{channel}" if posting else method
        size, rate = (self._burst, 1.0) if posting else (PER_MINUTE[tier], PER_MINUTE[tier] / 60)
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, Bucket(size, rate, size, now))
        if wait := bucket.take(now):
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(math.ceil(wait))})
