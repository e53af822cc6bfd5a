"""Answers that may be some minutes old."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remember(Generic[V]):
    """Keeps what was found for ``seconds``. Thread-safe; failures are not kept."""

    def __init__(self, seconds: float, size: int = 10_000) -> None:
        self._seconds, self._size = seconds, size
        self._kept: dict[Hashable, tuple[float, V]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], V], keep: Callable[[V], bool] = lambda _: True) -> V:
        """The kept value, or what ``find`` finds; that is kept where ``keep`` says so."""
        with self._lock:
            until, value = self._kept.get(key, (0.0, None))
        if value is not None and time.monotonic() < until:
            return value
        found = find()
        if not keep(found):
            return found
        with self._lock:
            if len(self._kept) >= self._size:
                self._kept.clear()
            self._kept[key] = (time.monotonic() + self._seconds, found)
        return found
