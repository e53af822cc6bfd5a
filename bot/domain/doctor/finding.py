"""One line of `slackops doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``fail`` keeps the bot, or a rule, from working. ``warn`` is worth knowing and keeps nothing from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What was checked, how it stands, and what mends it; ``fix`` is empty where nothing has to be."""

    name: str
    state: State
    message: str
    fix: str = ""


def ok(name: str, message: str) -> Finding:
    """As it should be."""
    return Finding(name, State.OK, message)


def warn(name: str, message: str, fix: str) -> Finding:
    """Works, but not as well as it could."""
    return Finding(name, State.WARN, message, fix)


def fail(name: str, message: str, fix: str) -> Finding:
    """Does not work."""
    return Finding(name, State.FAIL, message, fix)


def listed(names: object, most: int = 8) -> str:
    """Names in one line, the first few of many."""
    every = sorted(str(name) for name in names) if isinstance(names, list | tuple | set | frozenset | dict) else []
    shown = ", ".join(every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown
