"""A clock that tests turn by hand."""

from __future__ import annotations


class FakeClock:
    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time

    def tick(self, seconds: float) -> None:
        self.time += seconds
