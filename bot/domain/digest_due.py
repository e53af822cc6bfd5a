"""Since when a digest counts. Pure; what was sent is remembered elsewhere.

A digest begins at its first time after it was declared. When its times change it begins anew, so that nobody hears of
times at which nothing was due; what it tells goes on from the last one that was sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.domain.policy.model_drift import DigestRule

LATE = 900.0
"""Seconds after which a digest says that it is late."""
AGAIN, APART = 1800.0, 4
"""Seconds after which one that did not come out is begun anew; the next time after so many times as long."""


class Declared(BaseModel):
    """A digest as the policy first said it: ``times`` are its cron and time zone, ``at`` is when they were seen first,
    ``since`` what it tells from at the earliest. In seconds since the epoch."""

    model_config = ConfigDict(frozen=True)
    times: str
    at: float
    since: float

    def sent(self, at: float) -> Declared:
        """The same, knowing that the one that was due then was sent."""
        return Declared(times=self.times, at=max(self.at, at), since=max(self.since, at))


def turn_of(late: float) -> int:
    """How often one that was due so many seconds ago was begun anew: a row is given up before a long outage ends, or
    before an archived channel, or a policy, is mended."""
    return 0 if late < AGAIN else 1 + int(math.log(late / AGAIN, APART) + 1e-9)


def declared_now(rules: Iterable[DigestRule], before: Mapping[str, Declared], now: float) -> dict[str, Declared]:
    """What is to be remembered: nothing of a digest that is gone, so that one of its name begins anew."""
    return {rule.name: _declared(rule, before.get(rule.name), now) for rule in rules}


def _declared(rule: DigestRule, before: Declared | None, now: float) -> Declared:
    times = f"{rule.cron} {rule.timezone}"
    if before is None:
        return Declared(times=times, at=now, since=now)
    return before if before.times == times else Declared(times=times, at=now, since=before.since)


@cache
def _adapter() -> TypeAdapter[dict[str, Declared]]:
    return TypeAdapter(dict[str, Declared])


def as_json(declared: dict[str, Declared]) -> str:
    """For keeping."""
    return _adapter().dump_json(declared).decode()


def from_json(body: str) -> dict[str, Declared]:
    """What was kept; nothing where that cannot be read, and then every digest begins anew."""
    try:
        return _adapter().validate_json(body)
    except ValidationError:
        return {}
