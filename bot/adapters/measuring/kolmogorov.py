"""The p-value of the two-sample Kolmogorov-Smirnov test.

Exact up to 10,000 rows, as scipy's `ks_2samp` does it: for equal sizes by a closed sum, else by the share of lattice
paths that leave the band (Hodges 1958). Those paths take time, so they are counted for small samples and where it
matters: near the limit. Elsewhere, and for more rows, the one-sample distribution at the harmonic size stands in.
"""

from __future__ import annotations

import math

import numpy as np

from bot.adapters.measuring.kolmogorov_one import survival

MOST_EXACT, MOST_PATHS = 10_000, 4_000
NEAR = 3.0
"""Within this factor of the limit paths are counted, however long it takes."""


def p_value(distance: float, n: int, m: int, limit: float = 0.05) -> float:
    """The probability of such a distance or a larger one between samples of one distribution. ``limit`` is the p-value
    that decides."""
    common = math.gcd(n, m)
    whole = n // common * m
    steps = round(distance * whole)
    if steps == 0:
        return 1.0
    if n == m <= MOST_EXACT:
        return _equal(n, steps)
    found = survival(round(n * m / (n + m)), distance)
    if max(n, m) > MOST_EXACT or (n + m > MOST_PATHS and not limit / NEAR <= found <= limit * NEAR):
        return found
    return _leaving(max(n, m), min(n, m), common, steps)


def _equal(n: int, h: int) -> float:
    """Of paths of 2n steps, how many leave the band of half-width h: Gnedenko and Korolyuk's sum."""
    if h < 0.2 * math.sqrt(2 * n):  # one, to twelve digits
        return 1.0
    most = min(n // h, math.isqrt(800 * n) // h + 1)
    total, steps = 0.0, np.arange(h)
    for k in range(most, -1, -1):
        left = n - k * h - steps
        total = float(np.prod(left / (n + k * h + steps + 1.0))) * (1.0 - total)
    return min(max(2.0 * total, 0.0), 1.0)


def _leaving(m: int, n: int, common: int, h: int) -> float:
    """The share of paths from (0, 0) to (m, n) that touch the edge of the band, one anti-diagonal after the other."""
    across, up = m // common, n // common
    left = np.ones(n + 2)  # left[j + 1]: of the paths to (s - j, j); outside of the band all have left
    left[1] = 0.0
    places = np.arange(n + 1, dtype=np.float64)
    before = 0
    for s in range(1, m + n + 1):
        low = max((s * up - h) // (up + across) + 1, 0, s - m)
        high = min(-((-s * up - h) // (up + across)), n + 1, s + 1)
        if high <= low:
            return 1.0
        j = places[low:high]
        left[low + 1 : high + 1] = (left[low + 1 : high + 1] * (s - j) + left[low:high] * j) / s
        left[before + 1 : low + 1] = 1.0
        before = low
    return float(min(max(left[n + 1], 0.0), 1.0))
