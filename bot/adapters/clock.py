"""The machine's clock."""

from __future__ import annotations

import time


class SystemClock:
    """The Clock port."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()
