"""GitHub's rate limits (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.github.errors import ApiError

_SECONDARY = (
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
    "Please retry your request again later."
)


@dataclass
class Window:
    """The requests of one account in the current hour."""

    limit: int
    reset: int
    used: int = 0

    @property
    def remaining(self) -> int:
        """What is left until ``reset`` (seconds since the epoch)."""
        return max(0, self.limit - self.used)

    def headers(self, resource: str) -> dict[str, str]:
        """The X-RateLimit headers."""
        values = {"Limit": self.limit, "Remaining": self.remaining, "Used": self.used, "Reset": self.reset}
        return {f"X-RateLimit-{name}": str(value) for name, value in values.items()} | {
            "X-RateLimit-Resource": resource
        }

    def document(self) -> dict[str, int]:
        """As /rate_limit shows it."""
        return {"limit": self.limit, "remaining": self.remaining, "used": self.used, "reset": self.reset}


@dataclass
class Limits:
    """Counts requests by account. ``core`` and ``enforce_content`` may be changed while it runs."""

    core: int
    enforce_content: bool
    search: int = 30
    per_minute: int = 80
    per_hour: int = 500
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    _content: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def window(self, login: str, resource: str = "core") -> Window:
        """The current window of an account."""
        now, seconds = time.time(), 60 if resource == "search" else 3600
        limit = self.search if resource == "search" else self.core
        with self._lock:
            window = self._windows.get((login, resource))
            if window is None or window.reset <= now:
                window = self._windows[login, resource] = Window(limit, int(now) + seconds)
            window.limit = limit
            return window

    def check(self, login: str, resource: str) -> None:
        """Raises ApiError 403 when the hour is used up."""
        window = self.window(login, resource)
        if window.remaining == 0:
            raise ApiError(403, f"API rate limit exceeded for user ID {login}.", headers=window.headers(resource))

    def count(self, login: str, resource: str) -> None:
        """One more request."""
        self.window(login, resource).used += 1

    def create(self, login: str) -> None:
        """One more request that creates content. Raises ApiError 403 with Retry-After, when that is enforced."""
        if not self.enforce_content:
            return
        now = time.time()
        times = self._content.setdefault(login, deque())
        while times and times[0] <= now - 3600:
            times.popleft()
        minute = [one for one in times if one > now - 60]
        if len(minute) >= self.per_minute or len(times) >= self.per_hour:
            wait = (minute[0] + 60 if len(minute) >= self.per_minute else times[0] + 3600) - now
            raise ApiError(403, _SECONDARY, headers={"Retry-After": str(int(wait) + 1)})
        times.append(now)
