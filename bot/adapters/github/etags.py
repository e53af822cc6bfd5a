"""Answers kept by their ETag: asking again with ``If-None-Match`` costs nothing of the rate limit when nothing changed.

https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from bot.adapters.github.errors import Answer


class Etags:
    """The newest ``size`` answers, by what was asked. Thread-safe."""

    def __init__(self, size: int = 2_000) -> None:
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock, self._size = threading.Lock(), size

    def condition(self, key: str) -> dict[str, str]:
        """The header to ask with."""
        with self._lock:
            kept = self._kept.get(key)
        return {"If-None-Match": str(kept.headers["etag"])} if kept is not None else {}

    def settle(self, key: str, answer: Answer) -> Answer | None:
        """The answer to use: the kept one when nothing changed. None when it is kept no longer: ask again."""
        with self._lock:
            if answer.status == 304:
                if key in self._kept:
                    self._kept.move_to_end(key)
                return self._kept.get(key)
            if answer.status == 200 and "etag" in answer.headers:
                self._kept[key] = answer
                self._kept.move_to_end(key)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return answer
