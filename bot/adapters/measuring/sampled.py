"""Statistics over values that are all in memory, each sample sorted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def ks_distance(reference: Values, current: Values) -> float:
    """The largest distance between the two distributions."""
    apart, gaps = _walk(reference, current)
    far = np.abs(apart[gaps > 0]).max(initial=0)
    return float(far) / (float(len(reference)) * len(current))


def wasserstein(reference: Values, current: Values) -> float:
    """The area between the two distributions: with equal sizes, how far values of the same rank lie apart."""
    if len(reference) == len(current):
        return float(np.abs(reference - current).mean())
    apart, gaps = _walk(reference, current)
    return float((np.abs(apart) * gaps).sum() / (float(len(reference)) * len(current)))


def _walk(reference: Values, current: Values) -> tuple[NDArray[np.int64], Values]:
    """Over both, in the order of their values: how far the distributions are apart behind each value, in units of one
    over the product of the sizes, and how wide the gap to the next value is."""
    together = np.concatenate((reference, current))
    order = np.argsort(together, kind="stable")  # two sorted runs are merged, not sorted
    ahead = np.cumsum(np.where(order < len(reference), len(current), -len(reference)))
    return ahead[:-1], np.diff(together[order])


def by_value(reference: Values, current: Values) -> tuple[Values, Values, Values]:
    """Every different value, in order, and how often each sample has it."""
    values = np.unique(np.concatenate((reference, current)))
    return values, _counts(reference, values), _counts(current, values)


def _counts(sample: Values, values: Values) -> Values:
    upto = np.searchsorted(sample, values, "right")
    return np.diff(upto, prepend=0).astype(np.float64)
