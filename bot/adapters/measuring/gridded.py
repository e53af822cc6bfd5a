"""A sample that is too large to be kept, counted against points of a grid while it passes by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.adapters.measuring.binned import in_bins
from bot.adapters.measuring.sampled import Values


class Grid:
    """Counts at ``points`` and in the bins between ``borders``: exact, in memory that only the grid needs.

    ``centre`` is taken off the values before they are summed, so that large ones leave digits for the rest.
    """

    def __init__(self, points: Values, borders: Values, centre: float) -> None:
        self.points, self.borders, self.centre = points, borders, centre
        self.below = np.zeros(len(points), np.int64)
        self.upto = np.zeros(len(points), np.int64)
        self.sums = np.zeros(max(len(points) - 1, 0))
        self.bins = np.zeros(len(borders) - 1)
        self.count = 0

    def add(self, values: Values) -> None:
        """Finite values, in any order."""
        ordered = np.sort(values)
        below = np.searchsorted(ordered, self.points, "left")
        upto = np.searchsorted(ordered, self.points, "right")
        self.below += below
        self.upto += upto
        totals = np.concatenate(([0.0], np.cumsum(ordered - self.centre)))
        self.sums += totals[below[1:]] - totals[upto[:-1]]
        self.bins += in_bins(ordered, self.borders)
        self.count += len(ordered)

    def area(self) -> Values:
        """The integral of the distribution over each cell, whose open inside may hold values."""
        inside = (self.below[1:] - self.upto[:-1]).astype(np.float64)
        width = np.diff(self.points)
        held = inside * (self.points[1:] - self.centre) - self.sums
        return (self.upto[:-1] * width + held) / self.count


@dataclass(frozen=True)
class Bounded:
    """A figure, and by how much the true one may differ."""

    value: float
    error: float


def ks_distance(reference: Grid, current: Grid) -> Bounded:
    """Exact where no cell holds values of both: where one has all of its own at the points."""
    (f_low, f_high), (g_low, g_high) = _shares(reference), _shares(current)
    found = max(np.abs(f_low - g_low).max(), np.abs(f_high - g_high).max())
    both = (f_low[1:] > f_high[:-1]) & (g_low[1:] > g_high[:-1])
    most = np.maximum(f_low[1:] - g_high[:-1], g_low[1:] - f_high[:-1]).max(where=both, initial=found)
    return Bounded(float(found), float(most - found))


def wasserstein(reference: Grid, current: Grid) -> Bounded:
    """Exact but for cells inside of which the distributions cross."""
    (f_low, f_high), (g_low, g_high) = _shares(reference), _shares(current)
    before, after = f_high[:-1] - g_high[:-1], f_low[1:] - g_low[1:]
    f_in, g_in = f_low[1:] - f_high[:-1], g_low[1:] - g_high[:-1]
    cross = (before * after < 0) | ((f_in > 0) & (g_in > 0) & (np.abs(before) < f_in + g_in))
    error = (np.diff(reference.points) * (f_in + g_in)).sum(where=cross)
    return Bounded(float(np.abs(reference.area() - current.area()).sum()), float(error))


def _shares(grid: Grid) -> tuple[Values, Values]:
    return grid.below / grid.count, grid.upto / grid.count
