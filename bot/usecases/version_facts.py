"""What never changes about versions and commits, kept for the process: looking again costs nobody a call.

What could not be told is asked for again after a while, and not at every look.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from bot.errors import SlackOpsError, Transient

T = TypeVar("T")
KEPT: Final = 2_000
SILENCE_SECONDS: Final = 600.0
SHORT_SILENCE_SECONDS: Final = 60.0
"""After a service did not answer at all, nobody waits for it again so soon, whatever the fact."""


class VersionFacts:
    """Thread-safe. Keeps the facts that were used last."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._silent: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Hashable, ...], now: float, ask: Callable[[], T | None]) -> T | None:
        """The fact of this key, whose first word says what it is; ``ask`` is called where it is not known, outside of
        the lock: two that ask at once cost a call. None where nobody can tell now: ``ask`` said so, or was refused, or
        its service does not answer, and then no fact of that kind is asked for in the next minute."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                found: T = self._known[key]
                return found
            if now < max(self._silent.get(key, 0.0), self._silent.get(key[0], 0.0)):
                return None
        told = self._told(key, now, ask)
        with self._lock:
            if told is None:
                _put(self._silent, key, now + SILENCE_SECONDS)
            else:
                self._silent.pop(key, None)
                _put(self._known, key, told)
        return told

    def _told(self, key: tuple[Hashable, ...], now: float, ask: Callable[[], T | None]) -> T | None:
        try:
            return ask()
        except Transient:
            with self._lock:
                _put(self._silent, key[0], now + SHORT_SILENCE_SECONDS)
        except SlackOpsError:
            pass
        return None


def _put(kept: OrderedDict[Hashable, Any], key: Hashable, value: Any) -> None:
    kept[key] = value
    while len(kept) > KEPT:
        kept.popitem(last=False)
