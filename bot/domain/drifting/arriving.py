"""From windows to rows of the inbox: one a model, under a key that a flood and a redelivery share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from bot.domain.commands_drift import TakeDrift
from bot.domain.drifting.windows import Window

AHEAD = 300.0
"""Seconds that a monitor's clock may be ahead of ours."""
_MINUTE = 60


def rows(windows: Iterable[Window], now: float) -> list[tuple[str, TakeDrift]]:
    """The rows that take these windows, each with its delivery key; ``now`` is our clock, in seconds since the epoch.

    What one monitor says of one thing within a minute, with the same verdict and severity, has one key: 10,000 posts a
    minute are a handful of rows. Of an alert, whose source damps it, each beginning and end has its own. A clock that
    is far ahead would stay the newest, whatever is told after it, so that time gives way to ours; the key keeps the
    monitor's own, by which a redelivery is known.
    """
    models: dict[str, list[Window]] = {}
    for window in windows:
        models.setdefault(window.model, []).append(window)
    return [(_key(found), TakeDrift(windows=_in_order(found, now))) for found in models.values()]


def _in_order(windows: list[Window], now: float) -> tuple[Window, ...]:
    ours = sorted((_not_ahead(window, now) for window in windows), key=lambda window: window.at)
    return tuple(dict.fromkeys(ours))


def _not_ahead(window: Window, now: float) -> Window:
    return window if window.at <= now + AHEAD else window.model_copy(update={"at": now})


def _key(windows: list[Window]) -> str:
    """A digest: names may be long, and hold whatever would part them here."""
    parts = sorted({json.dumps(_identity(window)) for window in windows})
    return f"drift:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def _identity(window: Window) -> list[str | float]:
    """What is damped at its source comes once a change, and may fire, end and fire again within a minute."""
    when = window.at if window.settled else window.at // _MINUTE
    said = [window.kind.value, window.verdict.value, window.severity.value, when]
    return [window.source, window.monitor, window.model, window.environment, *said]
