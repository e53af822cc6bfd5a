"""`--metrics FILE`: the metrics of a candidate that is not registered yet."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import Reason, Refused

MOST_BYTES = 4 * 1024 * 1024


def read_metrics(path: Path) -> dict[str, float]:
    """A JSON object of names and numbers; NaN and Infinity are numbers that no gate lets pass. Raises
    Refused(BAD_USAGE) for anything else."""
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise _wrong(path, f"it has more than {MOST_BYTES // 1024 // 1024} MiB")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _wrong(path, "it is no JSON") from None
    if not isinstance(found, dict):
        raise _wrong(path, "it is no JSON object")
    odd = next((name for name, value in found.items() if not _is_number(value)), None)
    if odd is not None:
        raise _wrong(path, f"{odd[:80]!r} is no number")
    return {name: _as_float(value) for name, value in found.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _wrong(path: Path, why: str) -> Refused:
    return Refused(
        Reason.BAD_USAGE,
        f"{path} holds no metrics: {why}.",
        'Write an object of names and numbers, such as {"roc_auc": 0.94}; of a series its last value.',
    )
