"""What was evaluated last, in memory."""

from __future__ import annotations

from collections.abc import Callable


class FakeEvaluations:
    """The Evaluations port. ``writes`` counts what really was written."""

    def __init__(self, going_on: Callable[[str], bool] = lambda _: False) -> None:
        self._going_on = going_on
        self._kept: dict[str, tuple[float, str]] = {}
        self.writes = 0

    def save(self, change_id: str, at: float, body: str) -> None:
        before = self._kept.get(change_id)
        if before is None or before[1] != body:
            self._kept[change_id] = (at, body)
            self.writes += 1

    def get(self, change_id: str) -> tuple[float, str] | None:
        return self._kept.get(change_id)

    def forget(self, before: float) -> int:
        gone = [one for one, (at, _) in self._kept.items() if at < before and not self._going_on(one)]
        for one in gone:
            del self._kept[one]
        return len(gone)
