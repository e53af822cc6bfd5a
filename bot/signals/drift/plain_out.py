"""A window as the plain drift JSON: what `plain` reads again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.domain.drifting.windows import Reading, Verdict, Window
from bot.signals.drift.distributions import plain_shapes
from bot.signals.drift.plain import RUN


def plain_of(window: Window) -> dict[str, Any]:
    """One object of the plain JSON. Features without a name, figures of the whole, go by their method's."""
    found = {
        "model": window.model,
        "environment": window.environment,
        "monitor": window.monitor,
        "kind": window.kind.value,
        "verdict": window.verdict.value,
        "severity": window.severity.value,
        "at": dt.datetime.fromtimestamp(window.at, dt.UTC).isoformat(),
        "message": window.message,
        "features": [_feature(reading) for reading in window.readings],
    }
    more: dict[str, Any] = {"version": window.version, "url": window.url, "source": RUN if window.source == RUN else ""}
    more["shapes"] = plain_shapes(window.shapes)
    found |= {name: value for name, value in more.items() if value}
    return found if window.score is None else found | {"score": window.score}


def _feature(reading: Reading) -> dict[str, Any]:
    """``drifted`` is left out where nobody knows."""
    figures = {"value": reading.value, "threshold": reading.threshold}
    found: dict[str, Any] = {"name": reading.feature or reading.method or "value", "method": reading.method}
    found |= {name: value for name, value in figures.items() if value is not None}
    return found if reading.verdict is Verdict.UNKNOWN else found | {"drifted": reading.verdict is Verdict.BAD}
