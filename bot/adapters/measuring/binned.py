"""Statistics over counts by bin or by category."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bot.adapters.measuring.probabilities import chi_square as tail
from bot.adapters.measuring.probabilities import two_sided

Counts = NDArray[np.float64]


def edges(low: float, high: float, rows: int, *, integers: bool) -> Counts:
    """Sturges' bins over both data sets, as numpy makes them; those of integers are no narrower than 1."""
    width = (high - low) / (math.log2(rows) + 1.0)
    if integers and 0 < width < 1:
        width = 1.0
    if not width > 0:
        return np.array([low - 0.5, low + 0.5])
    return np.linspace(low, high, math.ceil((high - low) / width) + 1)


def in_bins(sorted_values: Counts, borders: Counts) -> Counts:
    """How many of the values, in their order, each bin holds; the last holds its right border too."""
    at = np.searchsorted(sorted_values, borders, "left")
    at[-1] = np.searchsorted(sorted_values, borders[-1], "right")
    return np.diff(at).astype(np.float64)


def psi(reference: Counts, current: Counts) -> float:
    """The population stability index; empty bins get a share so small that it hardly counts, as Evidently fills
    them."""
    a, b = _filled(reference / reference.sum()), _filled(current / current.sum())
    return float(np.sum((a - b) * np.log(a / b)))


def _filled(shares: Counts) -> Counts:
    least = shares[shares > 0].min()
    return np.where(shares == 0, least / 1e6 if least <= 1e-4 else 1e-4, shares)


def jensen_shannon(reference: Counts, current: Counts) -> float:
    """The distance, which is the root of the divergence, by natural logarithms: 0 to 0.8326."""
    a, b = reference / reference.sum(), current / current.sum()
    middle = (a + b) / 2.0
    return math.sqrt(max(0.0, (_relative(a, middle) + _relative(b, middle)) / 2.0))


def _relative(share: Counts, middle: Counts) -> float:
    there = share > 0
    return float(np.sum(share[there] * np.log(share[there] / middle[there])))


def chi_square(reference: Counts, current: Counts) -> float:
    """The p-value of the current counts, where the reference's shares are expected."""
    expected = reference * (current.sum() / reference.sum())
    if np.any((expected == 0) & (current > 0)):
        return 0.0
    there = expected > 0
    value = float(np.sum((current[there] - expected[there]) ** 2 / expected[there]))
    return tail(value, len(reference) - 1)


def z_test(reference: Counts, current: Counts) -> float:
    """The p-value that both have the same share of the first of two values."""
    if len(reference) == 1:
        return 1.0
    n, m = reference.sum(), current.sum()
    a, b = 1.0 - reference[0] / n, 1.0 - current[0] / m
    both = (a * n + b * m) / (n + m)
    return two_sided(float((a - b) / math.sqrt(both * (1.0 - both) * (1.0 / n + 1.0 / m))))
