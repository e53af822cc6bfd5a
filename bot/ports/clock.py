"""Time."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Seconds since the epoch; tests turn it by hand."""

    def now(self) -> float: ...
