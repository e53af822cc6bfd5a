"""whylogs' drift summary to a window: what `calculate_drift_scores(…, with_thresholds=True)` returns, as JSON.

`{column: {"algorithm", "pvalue", "statistic", "thresholds": {"DRIFT": [0, 0.05], …}, "drift_category"}}`, with null for
a column that has nothing in it: python/whylogs/viz/drift of https://github.com/whylabs/whylogs. `POSSIBLE_DRIFT` is
fine, with a note. Without thresholds the sender's own counts: of the p-value, or of the distance where there is none.
"""

from __future__ import annotations

from bot.domain.drifting.scoring import Way, finite
from bot.domain.drifting.windows import Kind, Reading, Verdict, Window
from bot.signals.drift.about import About
from bot.signals.drift.building import reading
from bot.signals.drift.findings import Finding, windows
from bot.signals.reading import BadBody, at

SOURCE = "whylogs"
_CATEGORIES = {"DRIFT": Verdict.BAD, "POSSIBLE_DRIFT": Verdict.FINE, "NO_DRIFT": Verdict.FINE}


def looks(payload: object) -> bool:
    """Whether every entry is a column's score, or the null of a column that is empty."""
    if not isinstance(payload, dict) or not payload:
        return False
    scores = [score for score in payload.values() if score is not None]
    return bool(scores) and all(isinstance(score, dict) and "algorithm" in score for score in scores)


def parse(payload: object, about: About) -> tuple[Window, ...]:
    """One window of drift. Raises BadBody for any other shape."""
    if not looks(payload) or not isinstance(payload, dict):
        raise BadBody("whylogs: what calculate_drift_scores(…, with_thresholds=True) returns is needed")
    kind = about.kind or Kind.DRIFT
    return windows(SOURCE, about, (Finding(kind, _reading(name, score, about)) for name, score in payload.items()))


def _reading(name: str, score: object, about: About) -> Reading:
    category = at(score, "drift_category")
    said = _CATEGORIES.get(category) if isinstance(category, str) else None
    value, tested = at(score, "pvalue"), at(score, "pvalue") is not None
    if finite(value if tested else at(score, "statistic")) is None:
        said = Verdict.UNKNOWN
    note = "possible drift" if category == "POSSIBLE_DRIFT" else ""
    way = Way.P_VALUE if tested else Way.ABOVE
    figure = value if tested else at(score, "statistic")
    return reading(name, at(score, "algorithm"), figure, _limit(score, way, about), way=way, said=said, note=note)


def _limit(score: object, way: Way, about: About) -> object:
    """Where drift begins: the upper end of its range for a p-value, the lower one for a distance."""
    span = at(score, "thresholds", "DRIFT")
    if not isinstance(span, list) or len(span) != 2:
        return about.threshold
    return span[1] if way is Way.P_VALUE else span[0]
