"""Where a value stands on a page, and which values to name beside it."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass

_MOST = sys.float_info.max


@dataclass(frozen=True)
class Axis:
    """From ``low`` at ``start`` to ``high`` at ``end``, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where the value stands."""
        span = self.high / 2 - self.low / 2  # halves: the whole may be more than a float holds
        share = 0.5 if span <= 0 else (value / 2 - self.low / 2) / span
        return self.start + (self.end - self.start) * share

    def ticks(self, wanted: int = 4) -> list[float]:
        """About so many round values within the axis."""
        step = nice_step(self.high / max(1, wanted) - self.low / max(1, wanted))
        first = math.ceil(self.low / step)
        return [round(number * step, 12) for number in range(first, math.floor(self.high / step) + 1)][:12]


def axis(values: Iterable[float], start: float, end: float) -> Axis:
    """Holds all values, with some room around them, as far as floats go."""
    known = list(values)
    low, high = min(known), max(known)
    room = (high / 2 - low / 2) * 0.24 or abs(high) * 0.05 or 1.0
    return Axis(max(low - room, -_MOST), min(high + room, _MOST), start, end)


def nice_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not smaller."""
    if not rough > 0 or not math.isfinite(rough):
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough * 0.999), 10 * power)


def named(value: float) -> str:
    """A tick's label."""
    return f"{value:.6g}"
