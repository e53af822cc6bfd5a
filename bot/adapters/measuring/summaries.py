"""What is kept of a column while its batches pass by: bounded, however many rows there are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bot.adapters.measuring.kinds import labels, numbers
from bot.adapters.measuring.sampled import Values

MOST_FEW = 20
"""Different values up to which every one of them is counted: Evidently bins numbers by value up to here."""
MOST_LABELS = 10_000
OTHER = "(other)"


class Numbers:
    """A numeric column. All of its values are kept up to ``room``; beyond, every second, fourth, eighth… of them, which
    says where points of a grid belong. ``within``: the range that the policy names."""

    def __init__(self, room: int, within: tuple[float | None, float | None] | None = None) -> None:
        self._room = room
        low, high = within or (None, None)
        self._low, self._high = (-math.inf if low is None else low), (math.inf if high is None else high)
        self._held: list[Values] = []
        self._ordered: Values | None = None
        self._size = 0
        self.stride, self.outside = 1, 0
        self.count = self.missing = self.infinite = 0
        self.low, self.high = math.inf, -math.inf
        self.mean, self._squares = 0.0, 0.0
        self.nulls = False
        self.few: dict[float, int] | None = {}

    def add(self, column: Any) -> None:
        """An Arrow array of numbers."""
        values, missing, infinite = numbers(column)
        self.missing += missing
        self.infinite += infinite
        self.nulls |= column.null_count > 0
        if len(values):
            self._range(values)
            self._moments(values)
            self._few(values)
            self._keep(values)
            self.count += len(values)

    @property
    def rows(self) -> int:
        """All of them, whether they hold a value or not."""
        return self.count + self.missing + self.infinite

    @property
    def complete(self) -> bool:
        """Whether every value is kept."""
        return self.stride == 1

    @property
    def deviation(self) -> float:
        """The standard deviation of all rows (the population's)."""
        return math.sqrt(max(self._squares, 0.0) / self.count) if self.count else math.nan

    def held(self) -> Values:
        """What is kept, in order."""
        if self._ordered is None:
            self._ordered = np.sort(np.concatenate(self._held) if self._held else np.empty(0))
            self._held = []
        return self._ordered

    def _range(self, values: Values) -> None:
        low, high = float(values.min()), float(values.max())
        self.low, self.high = min(self.low, low), max(self.high, high)
        if low < self._low or high > self._high:
            self.outside += int(np.count_nonzero((values < self._low) | (values > self._high)))

    def _moments(self, values: Values) -> None:
        """Chan's way to add up what batches differ from their means."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean, size = float(values.mean()), len(values)
            squares = float(np.square(values - mean).sum())
        apart, total = mean - self.mean, self.count + size
        self._squares += squares + apart * apart * self.count * size / total
        self.mean += apart * size / total

    def _few(self, values: Values) -> None:
        if self.few is None:
            return
        if len(values) > 1000 and len(np.unique(values[:1000])) > MOST_FEW:
            self.few = None
            return
        different, counts = np.unique(values, return_counts=True)
        for value, count in zip(different[: MOST_FEW + 1].tolist(), counts.tolist(), strict=False):
            self.few[value] = self.few.get(value, 0) + count
        if len(self.few) > MOST_FEW:
            self.few = None

    def _keep(self, values: Values) -> None:
        kept = values if self.stride == 1 else values[-self.count % self.stride :: self.stride].copy()
        self._held.append(kept)
        self._size += len(kept)
        while self._size > self._room:
            thinned = np.concatenate(self._held)[::2].copy()
            self._held, self._size, self.stride = [thinned], len(thinned), self.stride * 2


class Labels:
    """A column of names. Only so many different ones are told apart."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.count = self.missing = self.other = 0

    def add(self, column: Any) -> None:
        """An Arrow array."""
        found, missing = labels(column)
        self.missing += missing
        for name, count in found.items():
            self.count += count
            if name in self.counts or len(self.counts) < MOST_LABELS:
                self.counts[name] = self.counts.get(name, 0) + count
            else:
                self.other += count

    @property
    def rows(self) -> int:
        """All of them, whether they hold a value or not."""
        return self.count + self.missing
