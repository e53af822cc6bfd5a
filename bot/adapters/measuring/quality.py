"""Readings of the data's quality: missing values, new categories, ranges, rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from bot.adapters.measuring.pairs import LabelPair, Pair
from bot.adapters.measuring.plan import Column, rule_for
from bot.adapters.measuring.summaries import MOST_FEW, Labels, Numbers
from bot.domain.drifting.measuring import AGE, DriftRun, FeatureRule
from bot.domain.drifting.scoring import Way, score_of, verdict_of
from bot.domain.drifting.windows import Reading, Verdict

HOUR = 3600.0
NAMED = 3
"""New categories that are named."""


def quality_of(run: DriftRun, column: Column, pair: Pair) -> Iterator[Reading]:
    """What the policy wants to know of one column."""
    limit = _allowed(run, column.rule)
    if limit is not None and pair.current.rows:
        yield _missing(column, pair, limit)
    if run.new_categories and isinstance(pair, LabelPair) and pair.reference.count and not _free(column, pair):
        yield _new(column, pair)
    if column.rule is not None and column.rule.range is not None and isinstance(pair.current, Numbers):
        yield _range(column, pair.current)


def rows_of(run: DriftRun, rows: int) -> Reading:
    """How many rows there are. None at all are bad only where the policy says how many there must be: a model may have
    nothing to do for a while."""
    threshold = float(run.rows) if run.rows else None
    known = verdict_of(float(rows), threshold, Way.BELOW)
    score = score_of(float(rows), threshold, Way.BELOW)
    verdict = Verdict.FINE if rows and threshold is None else known
    return Reading(feature="", method="rows", value=float(rows), threshold=threshold, verdict=verdict, score=score)


def age_of(run: DriftRun, end: float | None, now: float) -> Iterator[Reading]:
    """How old the newest row is, in hours, where the data tells it; bad too where it should and no row does."""
    limit = run.current.max_age / HOUR or None
    if end is None and limit is None:
        return
    age = None if end is None else max(now - end, 0.0) / HOUR
    verdict = Verdict.BAD if age is None else verdict_of(age, limit)
    note = "no row tells when it was seen" if age is None else "in hours"
    yield Reading(
        feature="", method=AGE, value=age, threshold=limit, verdict=verdict, score=_score(age, limit), note=note
    )


def _score(age: float | None, limit: float | None) -> float | None:
    """Beyond the limit by its logarithm: it grows by itself, and would be worse with every run."""
    score = score_of(age, limit)
    return score if score is None or score <= 1 else 1.0 + math.log10(score)


def lost_of(run: DriftRun, lost: Iterable[Reading]) -> Iterator[Reading]:
    """Features that the policy names and that are gone: all of their values are missing, unless any number may be."""
    for one in lost:
        limit = _allowed(run, rule_for(run, one.feature))
        if limit is not None:
            update = {"method": "missing", "value": 1.0, "threshold": limit}
            yield one.model_copy(update=update | {"verdict": verdict_of(1.0, limit), "score": score_of(1.0, limit)})


def _allowed(run: DriftRun, rule: FeatureRule | None) -> float | None:
    return rule.missing if rule is not None and rule.missing is not None else run.missing


def _missing(column: Column, pair: Pair, limit: float) -> Reading:
    before, now = (_share(one) for one in (pair.reference, pair.current))
    threshold = min(before + limit, 1.0)
    return Reading(
        feature=column.name,
        method="missing",
        value=now,
        threshold=threshold,
        verdict=verdict_of(now, threshold),
        score=score_of(now, threshold),
        note=f"{before:.1%} in the reference",
        prediction=column.prediction,
    )


def _share(side: Numbers | Labels) -> float:
    return (side.rows - side.count) / side.rows if side.rows else 0.0


def _new(column: Column, pair: LabelPair) -> Reading:
    """The share of values that the reference does not have."""
    new = sorted(pair.new.items(), key=lambda item: (-item[1], item[0]))
    share = sum(count for _, count in new) / pair.current.count if pair.current.count else 0.0
    more = f" and {len(new) - NAMED:,} more" if len(new) > NAMED else ""
    words = ", ".join(name for name, _ in new[:NAMED]) + more
    return _share_reading(column, "new_categories", share, words, _expected(pair))


def _expected(pair: LabelPair) -> float:
    """The share of new names that is nothing new. Where there are many names some are always missing from a sample: as
    large a share as that of names which it has once (Good 1953, https://doi.org/10.1093/biomet/40.3-4.237), and
    chance."""
    counts = pair.reference.counts.values()
    if len(counts) <= MOST_FEW or not pair.current.count:
        return 0.0
    once = sum(count == 1 for count in counts) / pair.reference.count
    chance = math.sqrt(once * (1.0 / pair.reference.count + 1.0 / pair.current.count))
    return min(once + 3.0 * chance, 1.0)


def _range(column: Column, side: Numbers) -> Reading:
    """The share of values that are out of the declared range."""
    note = f"from {side.low:g} to {side.high:g}" if side.count else ""
    return _share_reading(column, "out_of_range", side.outside / side.count if side.count else 0.0, note)


def _share_reading(column: Column, method: str, share: float, note: str, limit: float = 0.0) -> Reading:
    return Reading(
        feature=column.name,
        method=method,
        value=share,
        threshold=limit,
        verdict=verdict_of(share, limit),
        score=score_of(share, limit) if share else 0.0,
        note=note,
        prediction=column.prediction,
    )


def _free(column: Column, pair: LabelPair) -> bool:
    return pair.text and not (column.rule and column.rule.categorical)
