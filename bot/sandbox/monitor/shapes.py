"""How the features of a report are distributed that moved most: reference beside current, in counts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from bot.sandbox.monitor.traffic import Rows

Doc = dict[str, Any]
MOST, BINS, TAIL = 3, 16, 0.01
"""Features that are told; bins of numbers; the share of the values at either end that the outermost bins take in."""


def shapes(found: Doc, reference: Rows, current: Rows) -> list[Doc]:
    """Of the worst features that a report names."""
    columns = [metric for metric in found["metrics"] if "column" in metric["config"]]
    worst = sorted(columns, key=lambda metric: -metric["value"])[:MOST]
    names = [metric["config"]["column"] for metric in worst]
    return [{"feature": name, **_sides(reference[name], current[name])} for name in names]


def _sides(reference: Sequence[float | str], current: Sequence[float | str]) -> Doc:
    if isinstance(reference[0], str):
        return _categories(cast(Sequence[str], reference), cast(Sequence[str], current))
    return _numbers(cast(Sequence[float], reference), cast(Sequence[float], current))


def _categories(reference: Sequence[str], current: Sequence[str]) -> Doc:
    before, after = Counter(reference), Counter(current)
    names = [name for name, _ in (before + after).most_common()]
    labels = [name or "(none)" for name in names]
    return {"labels": labels, "reference": [before[name] for name in names], "current": [after[name] for name in names]}


def _numbers(reference: Sequence[float], current: Sequence[float]) -> Doc:
    low = min(_quantile(side, TAIL) for side in (reference, current))
    high = max(_quantile(side, 1 - TAIL) for side in (reference, current))
    edges = [low + (high - low) * at / BINS for at in range(BINS + 1)]
    return {"edges": edges, "reference": _counts(reference, edges), "current": _counts(current, edges)}


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[round(share * (len(values) - 1))]


def _counts(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    found = Counter(min(max(bisect_right(edges, value) - 1, 0), BINS - 1) for value in values)
    return [found[at] for at in range(BINS)]
