"""The distribution of the one-sample Kolmogorov-Smirnov distance, for which there is no function in numpy.

Where each way is exact enough is from Simard and L'Ecuyer, Computing the two-sided Kolmogorov-Smirnov distribution,
2011 (https://www.jstatsoft.org/article/view/v039i11).
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

MOST_SUMMED = 200_000
"""Rows up to which the one-sided probability is summed; beyond, its expansion is right to six digits."""


def survival(n: int, d: float) -> float:
    """The probability that n rows lie further than d from their distribution."""
    spread = n * d * d
    if n < 1 or n * d <= 0.5:
        return 1.0
    if d >= 1.0 or spread >= 370.0:
        return 0.0
    if d >= 0.5 or spread >= (2.2 if n > 140 else 4.0):
        return min(1.0, 2.0 * _one_sided(n, d))
    return min(max(1.0 - (_by_matrix(n, d) if n <= 140 else _by_series(n, d)), 0.0), 1.0)


def _one_sided(n: int, d: float) -> float:
    if n > MOST_SUMMED:
        return math.exp(-((6.0 * n * d + 1.0) ** 2) / (18.0 * n))
    j = np.arange(0, math.floor(n * (1.0 - d)) + 1)
    logs = _log_factorials(n)
    rest = 1.0 - d - j / n
    j, rest = j[rest > 0], rest[rest > 0]
    choose = logs[n] - logs[j] - logs[n - j]
    terms = choose + (j - 1) * np.log(d + j / n) + (n - j) * np.log(rest)
    return float(d * np.exp(terms).sum())


@functools.lru_cache(maxsize=4)
def _log_factorials(n: int) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))


def _by_matrix(n: int, d: float) -> float:
    """Marsaglia, Tsang and Wang 2003: the probability as an entry of a matrix's n-th power."""
    k = math.ceil(n * d)
    size, h = 2 * k - 1, k - n * d
    rows, columns = np.indices((size, size))
    matrix = (rows - columns + 1 >= 0).astype(np.float64)
    powers = h ** np.arange(1, size + 1)
    matrix[:, 0] -= powers
    matrix[-1, :] -= powers[::-1]
    matrix[-1, 0] += (2 * h - 1) ** size if 2 * h - 1 > 0 else 0.0
    below = np.array([math.gamma(number + 1.0) if number < 170 else math.inf for number in range(size + 1)])
    matrix /= below[np.maximum(rows - columns + 1, 0)]
    power = np.linalg.matrix_power(matrix / math.e, n)[k - 1, k - 1]  # scaled, so that it stays within a float
    return float(power * math.exp(math.lgamma(n + 1.0) - n * math.log(n) + n))


def _by_series(n: int, d: float) -> float:
    """Pelz and Good 1976: the limiting distribution and three terms that correct it."""
    z, root = math.sqrt(n) * d, math.sqrt(n)
    z2, pi2 = z * z, math.pi**2
    if pi2 / (8 * z2) > 700:
        return 0.0
    odd = (np.arange(1, 40) - 0.5) ** 2  # (k + 1/2) squared
    even = np.arange(1, 40) ** 2.0
    at_odd, at_even = np.exp(-pi2 * odd / (2 * z2)), np.exp(-pi2 * even / (2 * z2))
    scale = math.sqrt(2 * math.pi)
    zero = scale / z * at_odd.sum()
    first = scale / (6 * z**4) * ((pi2 * odd - z2) * at_odd).sum()
    second = ((6 * z**6 + 2 * z**4) + (2 * z**4 - 5 * z2) * pi2 * odd + (1 - 2 * z2) * (pi2 * odd) ** 2) * at_odd
    two = scale / (72 * z**7) * second.sum() - scale / (36 * z**3) * (pi2 * even * at_even).sum()
    third = (
        (5 - 30 * z2) * (pi2 * odd) ** 3
        + (-60 * z2 + 212 * z**4) * (pi2 * odd) ** 2
        + (135 * z**4 - 96 * z**6) * pi2 * odd
        - (30 * z**6 + 90 * z**8)
    ) * at_odd
    three = scale / (6480 * z**10) * third.sum()
    three += scale / (216 * z**6) * ((3 * pi2 * even * z2 - (pi2 * even) ** 2) * at_even).sum()
    return float(zero + first / root + two / n + three / (n * root))
