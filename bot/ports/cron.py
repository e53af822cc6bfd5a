"""When something is due by a calendar."""

from __future__ import annotations

from typing import Protocol


class Cron(Protocol):
    """Cron's five fields, in a time zone."""

    def fires(self, expression: str, timezone: str, after: float, until: float) -> float | None:
        """The last time that is due after ``after`` and until ``until``, both in seconds since the epoch; None where
        there is none. What is due in an hour that the clocks leave out comes an hour later by the wall, and what is due
        in an hour that comes twice comes once, unless it is due at every hour. ``expression`` and ``timezone`` are
        those of a valid policy."""
        ...
