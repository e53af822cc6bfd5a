"""What monitors are called. An alert is kept by its rule and its fingerprint, since a rule has one for each model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

ALERTS = "alertmanager"


def alert_of(monitor: str) -> str:
    """`ModelLatency` of `alertmanager:ModelLatency/7e30f1`; "" for what is no alert."""
    source, _, name = monitor.partition(":")
    return name.rpartition("/")[0] if source == ALERTS else ""


def common(monitor: str) -> str:
    """What the alerts of one rule have in common; of everything else the monitor itself."""
    rule = alert_of(monitor)
    return f"{ALERTS}:{rule}" if rule else monitor


def shown_names(monitors: Iterable[str]) -> dict[str, str]:
    """What people call them: `evidently weekly`; an alert by its own name, unless another one here has that too."""
    found = {one: alert_of(one) or _plain(one) for one in monitors}
    counted = Counter(found.values())
    return {one: name if counted[name] == 1 else _plain(one) for one, name in found.items()}


def _plain(monitor: str) -> str:
    return monitor.replace(":", " ", 1)
