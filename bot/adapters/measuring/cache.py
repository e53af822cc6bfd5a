"""References that were prepared already."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from bot.adapters.measuring.summaries import Numbers
from bot.adapters.measuring.survey import Survey

MOST_VALUES = 4_000_000
"""Values of all references together that are kept, of eight bytes each."""

A_NAME = 20
"""So many values need as much room as a name and its count."""


class References:
    """Kept for the process, the least used leaves first. Thread-safe."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Survey] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable | None, make: Callable[[], Survey]) -> Survey:
        """``key`` None: nobody can tell whether the data is the same, so it is read again."""
        with self._lock:
            if key is not None and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        _sort(found)
        if key is not None:
            self._keep(key, found)
        return found

    def _keep(self, key: Hashable, found: Survey) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._most:
                self._kept.popitem(last=False)


def _sort(found: Survey) -> None:
    for one in found.columns.values():
        if isinstance(one, Numbers):
            one.held()


def _size(found: Survey) -> int:
    sides = found.columns.values()
    return sum(len(one.held()) if isinstance(one, Numbers) else A_NAME * len(one.counts) for one in sides)
