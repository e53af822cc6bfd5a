"""Windows of models or environments that the policy does not have are nobody's. So that people find out why nothing
comes of them, it is remembered for a while who told of whom; doctor says it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from bot.domain.drifting.windows import Window
from bot.domain.policy import Policy
from bot.ports import DriftMemory
from bot.usecases.context import Context
from bot.usecases.drift_names import Names

KEY = "drift-strangers"
MOST = 20
"""That are remembered, the newest."""
AGAIN, KEPT = 3600.0, 86_400.0
"""Seconds after which the same one is written down anew, and for which it is told."""


@dataclass(frozen=True)
class Stranger:
    """Whom nobody knows, and by what monitor that came. ``at``: when it came in, in seconds since the epoch."""

    model: str
    environment: str
    monitor: str
    at: float

    @property
    def who(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.model, self.environment, self.monitor


def note_strangers(ctx: Context, names: Names, windows: Iterable[Window]) -> None:
    """Remember those whom the policy does not have. A flood of them writes once an hour."""
    memory, now = ctx.drift_memory, ctx.clock.now()
    unknown = [window for window in windows if not names.knows(window)]
    if memory is None or not unknown:
        return
    known = {one.who: one for one in _remembered(memory)}
    new = {one.who: one for one in (_stranger(window, now) for window in unknown)}
    if all(who in known and known[who].at > now - AGAIN for who in new):
        return
    kept = sorted((known | new).values(), key=lambda one: one.at, reverse=True)[:MOST]
    memory.save(KEY, now, json.dumps([astuple(one) for one in kept]))


def strangers(memory: DriftMemory, policy: Policy, now: float) -> Iterator[Stranger]:
    """Those of the last day, the newest first, but for whom the policy has by now."""
    for one in _remembered(memory):
        if now - one.at < KEPT and not (one.model in policy.models and policy.stages(one.environment)):
            yield one


def _stranger(window: Window, now: float) -> Stranger:
    monitor = window.monitor if window.monitor == window.source else f"{window.source} {window.monitor}"
    return Stranger(window.model, window.environment, monitor, now)


def _remembered(memory: DriftMemory) -> list[Stranger]:
    found = memory.get(KEY)
    return [Stranger(*one) for one in json.loads(found[1])] if found else []
