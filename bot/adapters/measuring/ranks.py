"""The area under the ROC curve, from scores that pass by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.adapters.measuring.sampled import Values

MOST_SCORES = 50_000
_BITS = 52


class Ranks:
    """Counts of two classes by score. Too many different scores are told apart by fewer of their leading bits, which
    keeps their order: only scores that are nearly equal become ties."""

    def __init__(self) -> None:
        self.scores: Values = np.empty(0)
        self.counts: NDArray[np.int64] = np.empty((2, 0), np.int64)
        self._bits = _BITS

    def add(self, scores: Values, classes: NDArray[np.int64]) -> None:
        """Finite scores, and 0 or 1 for each."""
        self._merge(
            np.concatenate((self.scores, self._cut(scores))),
            np.concatenate((self.counts, np.stack((1 - classes, classes))), axis=1),
        )
        while len(self.scores) > MOST_SCORES:
            self._bits -= 2
            self._merge(self._cut(self.scores), self.counts)

    def area(self, positive: int) -> float | None:
        """The chance that one of class ``positive`` scores higher than one of the other; ties count half. None where
        there is only one class."""
        good, rest = self.counts[positive], self.counts[1 - positive]
        pairs = float(good.sum()) * float(rest.sum())
        if not pairs:
            return None
        below = np.cumsum(rest) - rest
        return float(np.sum(good * (below + rest / 2.0)) / pairs)

    def _merge(self, scores: Values, counts: NDArray[np.int64]) -> None:
        self.scores, places = np.unique(scores, return_inverse=True)
        merged = [np.bincount(places, one, len(self.scores)) for one in counts]
        self.counts = np.stack(merged).astype(np.int64)

    def _cut(self, scores: Values) -> Values:
        if self._bits == _BITS:
            return scores
        mask = np.int64(-1) << np.int64(_BITS - self._bits)
        return (np.ascontiguousarray(scores).view(np.int64) & mask).view(np.float64)
