"""A feature's distribution in both data sets, for a chart."""

from __future__ import annotations

import numpy as np

from bot.adapters.measuring.binned import Counts, in_bins
from bot.adapters.measuring.pairs import NumberPair, Pair
from bot.adapters.measuring.summaries import OTHER
from bot.domain.drifting.windows import Shape

BINS, NAMES = 20, 12
TAIL = 0.005
"""The share of values at either end that goes into the outermost bins: a stray value would squeeze all others."""


def shape_of(name: str, pair: Pair) -> Shape:
    """Numbers by at most 20 bins, categories by their 12 most frequent names and all others together."""
    if isinstance(pair, NumberPair) and (pair.reference.few is None or pair.current.few is None):
        return _binned(name, pair)
    names, old, new = pair.by_value()
    most = sorted(range(len(names)), key=lambda at: (names[at] == OTHER, -(old[at] + new[at]), at))
    kept, rest = most[:NAMES], most[NAMES:]
    shown = [names[at] for at in kept] + ([OTHER] if rest else [])
    sides = [_shares(np.array([*one[kept], *([one[rest].sum()] if rest else [])])) for one in (old, new)]
    return Shape(feature=name, labels=tuple(shown), reference=sides[0], current=sides[1])


def _binned(name: str, pair: NumberPair) -> Shape:
    """By what is in memory: for long columns a part of the values that is spread evenly."""
    old, new = pair.reference.held(), pair.current.held()
    low = min(float(np.quantile(one, TAIL)) for one in (old, new))
    high = max(float(np.quantile(one, 1 - TAIL)) for one in (old, new))
    if not high > low:
        low, high = min(pair.reference.low, pair.current.low), max(pair.reference.high, pair.current.high)
    borders = np.linspace(low, high, BINS + 1)
    sides = [_shares(in_bins(np.clip(one, low, high), borders)) for one in (old, new)]
    return Shape(feature=name, edges=tuple(borders.tolist()), reference=sides[0], current=sides[1])


def _shares(counts: Counts) -> tuple[float, ...]:
    total = counts.sum()
    return tuple((counts / total if total else counts * 0.0).tolist())
