"""How far a figure is from its limit, as a number of one meaning for every method: 1 at the limit, more is worse."""

from __future__ import annotations

import math
from enum import StrEnum

from bot.domain.drifting.windows import Verdict

MOST_SCORE = 1000.0
"""Larger scores say nothing more to anybody."""
_LEAST_P = 1e-300


class Way(StrEnum):
    """Which side of its limit is bad. ``p_value``: below, and on a scale of logarithms."""

    ABOVE = "above"
    BELOW = "below"
    P_VALUE = "p_value"


def finite(value: object) -> float | None:
    """The number; None for what is none, NaN and infinity included, which Python's JSON reads and writes."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def score_of(value: float | None, threshold: float | None, way: Way = Way.ABOVE) -> float | None:
    """1 at the limit; 0 at the least, MOST_SCORE at the most. None where there is no limit to compare with.

    A p-value scores log p / log threshold, of which what is beyond the limit counts by its own logarithm: p shrinks
    with the number of rows as much as with the drift, and would soon make every window a critical one. A distance
    scores value / threshold, and a figure that must not fall below its limit 1 plus the share of the limit that it
    lacks. A limit of 0 is no yardstick: there the value itself is added.
    """
    if value is None or threshold is None:
        return None
    if way is Way.P_VALUE:
        return _of_p_value(value, threshold)
    beyond = value - threshold if way is Way.ABOVE else threshold - value
    return _bounded(1.0 + beyond / (abs(threshold) or 1.0))


def score_within(value: float | None, lower: float | None, upper: float | None) -> float | None:
    """As ``score_of``, of a figure that must stay between two limits: how far from their middle. With one limit, that
    of the one."""
    if value is None or lower is None or upper is None or not lower < upper:
        low, high = score_of(value, lower, Way.BELOW), score_of(value, upper)
        return max((score for score in (low, high) if score is not None), default=None)
    half = upper / 2 - lower / 2
    return _bounded(abs(value - (lower + half)) / half) if half > 0 else None


def verdict_of(
    value: float | None, threshold: float | None, way: Way = Way.ABOVE, *, inclusive: bool = False
) -> Verdict:
    """Bad beyond the limit; ``inclusive``: at the limit too. Unknown without a value or a limit."""
    if value is None or threshold is None:
        return Verdict.UNKNOWN
    beyond = value > threshold if way is Way.ABOVE else value < threshold
    return Verdict.BAD if beyond or (inclusive and value == threshold) else Verdict.FINE


def _of_p_value(value: float, threshold: float) -> float | None:
    if not 0 <= value <= 1 or not 0 < threshold < 1:
        return None
    ratio = math.log(max(value, _LEAST_P)) / math.log(threshold)
    return _bounded(ratio if ratio <= 1 else 1.0 + math.log10(ratio))


def _bounded(score: float) -> float | None:
    return None if math.isnan(score) else min(max(score, 0.0), MOST_SCORE)
