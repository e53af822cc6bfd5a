"""How far two samples are from one another: the two distances that Evidently takes for more than 1,000 rows.

https://docs.evidentlyai.com/metrics/customize_data_drift#tabular-drift
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import fmean, pstdev

LIMIT = 0.1
WASSERSTEIN, JENSEN_SHANNON = "Wasserstein distance (normed)", "Jensen-Shannon distance"
_LEAST_DEVIATION = 0.001


def wasserstein(reference: Sequence[float], current: Sequence[float]) -> float:
    """Of two samples of one size, in standard deviations of the reference."""
    pairs = zip(sorted(reference), sorted(current), strict=True)
    return fmean(abs(one - other) for one, other in pairs) / max(pstdev(reference), _LEAST_DEVIATION)


def jensen_shannon(reference: Sequence[str], current: Sequence[str]) -> float:
    """Between the shares of the categories: 0 for the same, the root of log 2 for what has nothing in common."""
    before, after = _shares(reference), _shares(current)
    names = before.keys() | after.keys()
    middle = {name: (before.get(name, 0.0) + after.get(name, 0.0)) / 2 for name in names}
    return math.sqrt(max(0.0, (_divergence(before, middle) + _divergence(after, middle)) / 2))


def _shares(values: Sequence[str]) -> dict[str, float]:
    return {name: count / len(values) for name, count in Counter(values).items()}


def _divergence(shares: dict[str, float], middle: dict[str, float]) -> float:
    return sum(share * math.log(share / middle[name]) for name, share in shares.items())
