"""What a window's readings come to: its verdict, its score, and the readings that are kept."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.drifting.windows import MOST_READINGS, Reading, Verdict

SHARE = 0.5
"""The share of features from which a model drifts where nobody says another: Evidently's own."""
_NAMED = 3


@dataclass(frozen=True)
class Judged:
    """``readings``: the worst first, MOST_READINGS at most. ``total`` counts features, and figures of the whole;
    ``bad`` those of them that are beyond a limit."""

    verdict: Verdict
    score: float | None
    readings: tuple[Reading, ...]
    total: int
    bad: int


def judged(readings: Iterable[Reading], share: float | None = None, said: Verdict | None = None) -> Judged:
    """Bad when so great a ``share`` of the features that are known is bad; without a share, when one is. ``said`` is
    the monitor's own verdict on the whole, which stands in the place of ours. A feature is as bad as its worst reading.

    The score is that of the feature on which the verdict turns: the worst, or with a share the last one that is needed
    for it. So it is 1 where the verdict turns, and grows without end.
    """
    found = list(readings)
    worst = _worst(found)
    known = [reading for reading in worst if reading.verdict is not Verdict.UNKNOWN]
    bad = sum(reading.verdict is Verdict.BAD for reading in known)
    needed = 1 if share is None else max(1, math.ceil(share * len(known) - 1e-9))
    verdict = said if said is not None else _verdict(bad, len(known), needed)
    score = _turning(known, needed, verdict)
    return Judged(verdict, score, tuple(heapq.nsmallest(MOST_READINGS, found, key=_rank)), len(worst), bad)


def sentence(judgement: Judged) -> str:
    """`2 of 3 are beyond their limits: amount, country`, or of one alone `roc_auc is beyond its limit`; "" where none
    is."""
    if not judgement.bad:
        return ""
    worst = [one.feature or one.method for one in judgement.readings if one.verdict is Verdict.BAD]
    names = list(dict.fromkeys(worst))[:_NAMED]
    if judgement.total == 1:
        return f"{names[0]} is beyond its limit"
    more = f" and {judgement.bad - len(names)} more" if judgement.bad > len(names) else ""
    verb = "is beyond its limit" if judgement.bad == 1 else "are beyond their limits"
    return f"{judgement.bad} of {judgement.total} {verb}: {', '.join(names)}{more}"


def _worst(readings: Iterable[Reading]) -> list[Reading]:
    """The worst reading of each feature; a figure of the whole counts for itself."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        key = (reading.feature, "" if reading.feature else reading.method)
        other = found.get(key)
        if other is None or _rank(reading) < _rank(other):
            found[key] = reading
    return list(found.values())


def _verdict(bad: int, known: int, needed: int) -> Verdict:
    if not known:
        return Verdict.UNKNOWN
    return Verdict.BAD if bad >= needed else Verdict.FINE


def _turning(known: Sequence[Reading], needed: int, verdict: Verdict) -> float | None:
    """Held on the side of 1 that the verdict says, where a monitor's limit and ours differ by a hair."""
    if verdict is Verdict.UNKNOWN or len(known) < needed:
        return None
    turning = heapq.nlargest(needed, map(_score, known))[-1]
    if turning < 0:
        return None
    return max(turning, 1.0) if verdict is Verdict.BAD else min(turning, 1.0)


def _score(reading: Reading) -> float:
    """A bad reading without a score is beyond its limit, nobody knows how far; of a fine one nothing is known: -1."""
    if reading.score is None:
        return 1.0 if reading.verdict is Verdict.BAD else -1.0
    return max(reading.score, 1.0) if reading.verdict is Verdict.BAD else min(reading.score, 1.0)


_SIDES = {Verdict.BAD: 0, Verdict.FINE: 1, Verdict.UNKNOWN: 2}


def _rank(reading: Reading) -> tuple[int, float, str, str]:
    return _SIDES[reading.verdict], -(reading.score or 0.0), reading.feature, reading.method
