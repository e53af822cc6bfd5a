"""Predictions against labels, as far as labels have come in: counted while rows pass by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bot.adapters.measuring.kinds import kind_of, label
from bot.adapters.measuring.ranks import Ranks
from bot.adapters.measuring.sampled import Values


class Outcomes:
    """Only rows that have both count. Scores of 0.5 and more are class 1 where predictions are fractions."""

    def __init__(self, prediction: str, truth: str) -> None:
        self._prediction, self._truth = prediction, truth
        self.rows = self.same = self.same_rounded = self.numeric = 0
        self.fractions = self.whole_labels = self.mixed = False
        self._apart = 0.0
        self._classes: list[str] = []
        self._ranks = Ranks()

    def add(self, batch: Mapping[str, Any]) -> None:
        """One batch with both columns; nothing happens where one is not there."""
        if self._prediction not in batch or self._truth not in batch:
            return
        guess, truth = _whole(batch[self._prediction]), _whole(batch[self._truth])
        both = pc.and_(pc.is_valid(guess), pc.is_valid(truth))
        guess, truth = guess.filter(both), truth.filter(both)
        if not len(guess):
            return
        self.rows += len(guess)
        if pa.types.is_floating(guess.type) and pa.types.is_floating(truth.type):
            self._numbers(_numpy(guess), _numpy(truth))
        else:
            self.mixed |= guess.type != truth.type
            self.same += sum(map(str.__eq__, _names(guess), _names(truth)))
        if pa.types.is_floating(guess.type):
            self._rank(_numpy(guess), _names(truth))

    def accuracy(self) -> float | None:
        """The share of right predictions; None without a label, and where numbers and names have nothing in common."""
        if self.mixed and not self.same:
            return None
        right = self.same_rounded if self.fractions and self.whole_labels else self.same
        return right / self.rows if self.rows else None

    def auc(self) -> float | None:
        """By ranks; the class that sorts last is the positive one (1, true, yes). None unless there are two."""
        if len(self._classes) != 2:
            return None
        return self._ranks.area(self._classes.index(max(self._classes, key=_order)))

    def mae(self) -> float | None:
        """The mean absolute error; None without numbers, and where a float cannot hold it."""
        return self._apart / self.numeric if self.numeric and math.isfinite(self._apart) else None

    def _numbers(self, guess: Values, truth: Values) -> None:
        self.numeric += len(guess)
        with np.errstate(over="ignore"):
            self._apart += float(np.abs(guess - truth).sum())
        self.same += int(np.count_nonzero(guess == truth))
        self.same_rounded += int(np.count_nonzero((guess >= 0.5) == (truth == 1)))
        self.fractions |= bool(np.any(guess != np.floor(guess)))
        binary = bool(np.isin(truth, (0.0, 1.0)).all())
        self.whole_labels = binary and (self.whole_labels or self.numeric == len(guess))

    def _rank(self, guess: Values, truth: list[str]) -> None:
        for name in dict.fromkeys(truth):
            if name not in self._classes and len(self._classes) < 3:
                self._classes.append(name)
        if len(self._classes) <= 2:
            first = self._classes[0]
            classes: NDArray[np.int64] = np.fromiter((name != first for name in truth), np.int64, len(truth))
            self._ranks.add(guess, classes)


def _whole(column: Any) -> Any:
    """Numbers as floats without NaN and infinity, true as 1 and false as 0; all else as it is."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (kind_of(column.type).numeric or pa.types.is_boolean(column.type)):
        return column
    column = pc.cast(column, pa.float64(), safe=False)
    return pc.if_else(pc.is_finite(column), column, None)


def _names(column: Any) -> list[str]:
    encoded = column.dictionary_encode()
    names = [label(value) for value in encoded.dictionary.to_pylist()]
    return [names[place] for place in encoded.indices.to_pylist()]


def _numpy(column: Any) -> Values:
    found: Values = column.to_numpy(zero_copy_only=False)
    return found


def _order(name: str) -> tuple[int, float, str]:
    """Numbers by their size, before words."""
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name
