"""One column of both data sets, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.adapters.measuring import gridded, sampled
from bot.adapters.measuring.binned import Counts, edges, in_bins
from bot.adapters.measuring.gridded import Grid
from bot.adapters.measuring.summaries import MOST_FEW, OTHER, Labels, Numbers

MOST_HALF_SPAN = 1e300


@dataclass(frozen=True)
class NumberPair:
    """``grids``: what was counted in the second pass; None where all values are in memory."""

    reference: Numbers
    current: Numbers
    integers: bool
    grids: tuple[Grid, Grid] | None = None

    @property
    def held(self) -> bool:
        """Whether all values of both are in memory."""
        return self.reference.complete and self.current.complete

    @property
    def comparable(self) -> bool:
        """Whether both have values, and floats hold what lies between them."""
        low, high = min(self.reference.low, self.current.low), max(self.reference.high, self.current.high)
        return min(self.reference.count, self.current.count) > 0 and high / 2 - low / 2 < MOST_HALF_SPAN

    @property
    def values(self) -> int:
        """How many different values both have together; beyond a few it is only known that there are more."""
        few, more = self.reference.few, self.current.few
        return MOST_FEW + 1 if few is None or more is None else len(few.keys() | more.keys())

    def ks(self) -> tuple[float, float]:
        """The Kolmogorov-Smirnov distance, and by how much it may be wrong."""
        if self.grids is None:
            return sampled.ks_distance(self.reference.held(), self.current.held()), 0.0
        found = gridded.ks_distance(*self.grids)
        return found.value, found.error

    def wasserstein(self) -> tuple[float, float]:
        """The area between the distributions over the reference's standard deviation, and its error."""
        norm = max(self.reference.deviation, 0.001)
        if self.grids is None:
            return sampled.wasserstein(self.reference.held(), self.current.held()) / norm, 0.0
        found = gridded.wasserstein(*self.grids)
        return found.value / norm, found.error / norm

    def binned(self) -> tuple[Counts, Counts]:
        """Counts by bin; by value where the reference has few."""
        if self.reference.few is not None:
            return self.by_value()[1:]
        if self.grids is not None:
            return self.grids[0].bins, self.grids[1].bins
        borders = self.borders()
        return in_bins(self.reference.held(), borders), in_bins(self.current.held(), borders)

    def by_value(self) -> tuple[list[str], Counts, Counts]:
        """Values in their order, and their counts. Without all values in memory, those that are not among the few of
        either are counted together."""
        if self.held:
            values, old, new = sampled.by_value(self.reference.held(), self.current.held())
            return [f"{value:g}" for value in values.tolist()], old, new
        few = sorted((self.reference.few or {}).keys() | (self.current.few or {}).keys())
        counts = [self._at(few, place) for place in (0, 1)]
        names = [f"{value:g}" for value in few]
        if any(one[-1] for one in counts):
            return [*names, OTHER], counts[0], counts[1]
        return names, counts[0][:-1], counts[1][:-1]

    def _at(self, few: list[float], place: int) -> Counts:
        side = (self.reference, self.current)[place]
        if side.few is not None:
            found = [float(side.few.get(value, 0)) for value in few]
        elif self.grids is not None:
            grid = self.grids[place]
            where = np.searchsorted(grid.points, np.array(few))
            found = (grid.upto - grid.below)[where].astype(float).tolist()
        else:
            found = [0.0] * len(few)
        return np.array([*found, side.count - sum(found)])

    def borders(self) -> Counts:
        """Of the bins over both."""
        low, high = min(self.reference.low, self.current.low), max(self.reference.high, self.current.high)
        return edges(low, high, self.reference.count + self.current.count, integers=self.integers)

    def points(self) -> Counts:
        """Of a grid: every value of the reference where it is in memory, else many of its quantiles; the ends of both,
        and every value that is one of few."""
        ends = [self.reference.low, self.reference.high, self.current.low, self.current.high]
        few = [*(self.reference.few or ()), *(self.current.few or ())]
        return np.unique(np.concatenate((self.reference.held(), np.array([*ends, *few]))))


@dataclass(frozen=True)
class LabelPair:
    """Names on both sides."""

    reference: Labels
    current: Labels

    @property
    def values(self) -> int:
        """How many different names both have together, as far as they are told apart."""
        return len(self.reference.counts.keys() | self.current.counts.keys())

    @property
    def text(self) -> bool:
        """Whether more than half of the rows have a name of their own, on both sides: nothing to count by."""
        return all(2 * len(one.counts) > one.count for one in (self.reference, self.current))

    @property
    def new(self) -> Mapping[str, int]:
        """Names that the reference does not have; nobody can tell where it has too many."""
        if self.reference.other:
            return {}
        return {name: count for name, count in self.current.counts.items() if name not in self.reference.counts}

    def by_value(self) -> tuple[list[str], Counts, Counts]:
        """Names in their order, and their counts."""
        names = sorted(self.reference.counts.keys() | self.current.counts.keys())
        counts = [
            np.array([float(one.counts.get(name, 0)) for name in names]) for one in (self.reference, self.current)
        ]
        if not self.reference.other and not self.current.other:
            return names, counts[0], counts[1]
        others = (self.reference.other, self.current.other)
        both = [np.append(one, float(other)) for one, other in zip(counts, others, strict=True)]
        return [*names, OTHER], both[0], both[1]

    def binned(self) -> tuple[Counts, Counts]:
        """The counts."""
        return self.by_value()[1:]


Pair = NumberPair | LabelPair
