"""When windows of traffic end: five minutes each, and always later than the one before.

A newcomer sends several within a minute, and a window belongs to its own span of data: so the monitor begins some hours
ago and works off what came in since, one window at a time, until it has caught up.
"""

from __future__ import annotations

WINDOW, BACKLOG, LEAST = 300.0, 6 * 3600.0, 60.0
MINUTE = 60.0


def next_end(last: float, now: float) -> float:
    """When the next window ends, in whole minutes. Raises ValueError when it has caught up."""
    begun = max(last, now - BACKLOG)
    end = (begun + max(LEAST, min(WINDOW, (now - begun) / 4))) // MINUTE * MINUTE
    end = max(end, last // MINUTE * MINUTE + MINUTE)
    if end > now + WINDOW - MINUTE:
        raise ValueError("The monitor has caught up with the traffic: wait a minute for the next window.")
    return end
