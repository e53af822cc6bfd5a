"""Upper tails of the distributions that tests need."""

from __future__ import annotations

import math

MOST_STEPS = 100_000
_TINY, _CLOSE = 1e-300, 1e-15


def chi_square(value: float, freedom: int) -> float:
    """The probability of such a sum of squares or a larger one: the regularised upper incomplete gamma function, by its
    series or its continued fraction (https://dlmf.nist.gov/8.11, https://dlmf.nist.gov/8.9)."""
    if freedom < 1:
        return 1.0
    if value <= 0 or math.isinf(value):
        return 1.0 if value <= 0 else 0.0
    a, x = freedom / 2.0, value / 2.0
    front = math.exp(max(a * math.log(x) - x - math.lgamma(a), -745.0))
    found = 1.0 - front * _series(a, x) if x < a + 1 else front * _fraction(a, x)
    return min(max(found, 0.0), 1.0)


def _series(a: float, x: float) -> float:
    term = total = 1.0 / a
    for step in range(1, MOST_STEPS):
        term *= x / (a + step)
        total += term
        if term < total * _CLOSE:
            break
    return total


def _fraction(a: float, x: float) -> float:
    """Lentz's way to a continued fraction."""
    b = x + 1.0 - a
    c, d = 1.0 / _TINY, 1.0 / b
    total = d
    for step in range(1, MOST_STEPS):
        factor = -step * (step - a)
        b += 2.0
        d = 1.0 / (factor * d + b or _TINY)
        c = b + factor / c or _TINY
        total *= c * d
        if abs(c * d - 1.0) < _CLOSE:
            break
    return total


def two_sided(z: float) -> float:
    """The probability of a standard normal figure as far from zero as this."""
    return math.erfc(abs(z) / math.sqrt(2.0))
