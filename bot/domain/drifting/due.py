"""When a declared run or source is due."""

from __future__ import annotations

AT_ONCE = 100
"""Runs that are begun at one tick of the clock; those that are due as well follow at the next ones."""


def last_tick(every: float, now: float) -> float:
    """The last whole multiple of ``every`` seconds since the epoch: the same for all replicas, whenever they began."""
    return now // every * every


def is_done(last: float | None, fire: float, every: float) -> bool:
    """Whether what was due at ``fire`` was begun, or something after it. Far ahead of us is no answer: a clock was
    wrong."""
    return last is not None and fire <= last <= fire + 2 * every


def begun(last: float | None, now: float) -> float:
    """From when on a time by cron counts as missed: what was never begun has missed nothing. A clock that was set back
    does not keep anything from being due for longer than it takes to come again."""
    return now if last is None else min(last, now)
