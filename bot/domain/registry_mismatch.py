"""An alias of the registry that says another version than Git pins: what is kept of it, and what is said. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from bot.domain.registry_cards import RegistryNews


@dataclass(frozen=True)
class Moved:
    """An alias that was set to ``to``, from ``was``, and does not agree with Git. ``pins`` and ``channels`` are what
    was told, and where; empty until then. ``pins``: version by environment."""

    to: str
    was: str | None
    pins: Mapping[str, str] = field(default_factory=dict, hash=False)
    channels: tuple[str, ...] = ()

    def dumps(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))


def moved_from(text: str) -> Moved:
    """As it was kept."""
    told = json.loads(text)
    return Moved(told["to"], told["was"], told["pins"], tuple(told["channels"]))


def disagrees(model: str, alias: str, moved: Moved, notify: tuple[str, ...] = ()) -> RegistryNews:
    """The alert, with who can mend it and how."""
    places = ", ".join(moved.pins)
    where = next(iter(moved.pins), "")
    back = next(iter(moved.pins.values()), "")
    return RegistryNews(
        headline=f"Mismatch: {model}, {places}: @{alias} says {moved.to}, Git pins {_versions(moved)}",
        text=f"{_moved(alias, moved)} in the registry, and no change is behind it. {_pinned(moved)}.",
        unblock=f"`/promote {model} {moved.to} {where}`, or set @{alias} back to {back} in MLflow.",
        notify=notify,
    )


def agrees(model: str, alias: str, moved: Moved, now: str | None) -> RegistryNews:
    """The same message once it is over. ``now`` is what the alias says; None: it was taken away."""
    says = f"@{alias} says {now}" if now else f"@{alias} was taken away"
    return RegistryNews(
        headline=f"Over: {model}, {', '.join(moved.pins)}: {says}",
        text=f"{_moved(alias, moved)} in the registry with no change behind it. That is over.",
        settled=True,
    )


def _moved(alias: str, moved: Moved) -> str:
    return f"@{alias} was moved from {moved.was} to {moved.to}" if moved.was else f"@{alias} was set to {moved.to}"


def _versions(moved: Moved) -> str:
    return " and ".join(dict.fromkeys(moved.pins.values()))


def _pinned(moved: Moved) -> str:
    return ", ".join(f"{environment} pins {version}" for environment, version in moved.pins.items())
