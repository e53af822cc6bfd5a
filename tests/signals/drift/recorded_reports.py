"""Reports that the real tools wrote; each file's `_source` says which version, and from what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.domain.drifting.windows import Reading, Window
from bot.signals.drift import About

FOLDER = Path(__file__).parent / "recorded"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
ABOUT = About(model="churn", environment="production", received=1_900_000_000.0)


def recorded(name: str) -> Any:
    """The report's body."""
    return json.loads((FOLDER / f"{name}.json").read_text())["body"]


def short(window: Window) -> tuple[str, str, int, int]:
    """Kind, verdict, and how many of how many are beyond their limits."""
    return window.kind.value, window.verdict.value, window.bad, window.total


def figures(window: Window) -> list[tuple[str, str, str]]:
    """Each reading's feature, method and verdict."""
    return [(one.feature, one.method, one.verdict.value) for one in window.readings]


def of(window: Window, feature: str, method: str) -> Reading:
    """One reading."""
    return next(one for one in window.readings if (one.feature, one.method) == (feature, method))
