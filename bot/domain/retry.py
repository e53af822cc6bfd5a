"""When to try a failed row again: by the error's class and how often it was tried, with full jitter.

Full jitter draws from the whole interval, so that rows that failed together do not come back together:
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import (
    ChatUnavailable,
    Fatal,
    ForgeUnavailable,
    Refused,
    RegistryUnavailable,
    StoreUnavailable,
    Transient,
)


@dataclass(frozen=True)
class Rule:
    """At most ``tries`` tries; the n-th pause is drawn from 0 to ``first * 2**(n-1)``, at most ``longest`` seconds."""

    tries: int
    first: float
    longest: float

    def longest_pause(self, attempt: int) -> float:
        """The upper end of the pause after this attempt, counted from 1."""
        return min(self.longest, self.first * 2.0 ** min(attempt - 1, 60))


RULES: tuple[tuple[type[Exception], Rule], ...] = (
    (Refused, Rule(1, 0, 0)),
    (Fatal, Rule(1, 0, 0)),
    (
        ForgeUnavailable,
        Rule(20, 2, 600),
    ),  # an hour or so: outages of forges last that long, and nobody wants to ask again
    (ChatUnavailable, Rule(15, 1, 300)),
    (RegistryUnavailable, Rule(4, 1, 8)),  # a person waits for the answer, and may simply ask again
    (StoreUnavailable, Rule(20, 0.5, 60)),
    (Transient, Rule(10, 1, 120)),
    (Exception, Rule(4, 1, 30)),  # most likely a bug: a few tries, then a dead letter that somebody reads
)
"""The first class that fits decides; a subclass stands before its base."""

TAKEOVERS = 60
"""A row claimed more often than any rule allows kills its workers; it becomes a dead letter without another try."""


def pause(error: Exception, attempt: int, random: Callable[[], float]) -> float | None:
    """Seconds until the next try after this attempt (counted from 1); None to give up. ``random`` draws from [0, 1)."""
    rule = next(rule for kind, rule in RULES if isinstance(error, kind))
    if attempt >= rule.tries:
        return None
    drawn = random() * rule.longest_pause(attempt)
    asked = error.retry_after if isinstance(error, Transient) else None
    # What the service asked for is the least; the jitter on top keeps the callers from coming back as one.
    return drawn if asked is None else max(0.0, asked) + min(drawn, 5.0)
