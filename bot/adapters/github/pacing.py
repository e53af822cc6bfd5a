"""GitHub's content limits, kept before GitHub has to: about 80 requests a minute and 500 an hour that create content.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from bot.errors import ForgeUnavailable


class Pacing:
    """Counts what was created in the last minute and hour. Thread-safe."""

    def __init__(self, per_minute: int = 75, per_hour: int = 480, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = ((60.0, per_minute), (3600.0, per_hour)), clock
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, what: str) -> None:
        """Count one more. Raises ForgeUnavailable with the time to wait instead of waiting in a worker."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0] <= now - 3600:
                self._times.popleft()
            wait = max(self._wait(now, span, limit) for span, limit in self._limits)
            if wait > 0:
                raise ForgeUnavailable(f"{what}: waiting for GitHub's limit on new content.", retry_after=wait)
            self._times.append(now)

    def _wait(self, now: float, span: float, limit: int) -> float:
        if len(self._times) < limit:
            return 0.0
        return self._times[-limit] + span - now
