"""The Measuring port over numpy and Arrow."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping

from bot.adapters.measuring.cache import References
from bot.adapters.measuring.comparing import drift_of
from bot.adapters.measuring.moments import narrowed
from bot.adapters.measuring.opening import open_table
from bot.adapters.measuring.outcomes import Outcomes
from bot.adapters.measuring.pairs import LabelPair, NumberPair, Pair
from bot.adapters.measuring.performance import performance_of
from bot.adapters.measuring.plan import Plan, plan_of
from bot.adapters.measuring.quality import age_of, lost_of, quality_of, rows_of
from bot.adapters.measuring.recount import recount
from bot.adapters.measuring.shapes import shape_of
from bot.adapters.measuring.summaries import Labels
from bot.adapters.measuring.survey import Survey, survey
from bot.adapters.measuring.table import Table
from bot.domain.drifting.measuring import DataSet, DriftRun, Measured
from bot.domain.drifting.scoring import score_of
from bot.domain.drifting.windows import Kind, Reading, Shape, Verdict

MOST_SHAPES = 5
FEW_ROWS = 200
DISTANCES = frozenset({"wasserstein", "jensenshannon", "psi"})


class NumpyMeasuring:
    """Thread-safe. ``opened`` finds the data, ``now`` tells the time in seconds since the epoch."""

    def __init__(self, opened: Callable[[DataSet], Table] = open_table, now: Callable[[], float] = time.time) -> None:
        self._opened, self._now = opened, now
        self._references = References()

    def measure(self, run: DriftRun, logged: dict[str, float] | None = None) -> Measured:
        """As the port says."""
        now = self._now()
        reference, _ = narrowed(self._opened(run.reference), run.reference, now)
        current, end = narrowed(self._opened(run.current), run.current, now)
        plan = plan_of(run, reference.columns(), current.columns())
        outcomes = Outcomes(run.prediction, run.label)
        old = self._references.get(_key(reference, plan), lambda: survey(reference, plan.columns))
        also = (run.prediction, run.label) if run.performance else ()
        new = survey(current, plan.columns, outcomes.add if run.performance else None, also)
        pairs = recount(_pairs(plan, old, new), reference, current)
        readings = _readings(run, plan, pairs)
        if run.performance:
            readings[Kind.PERFORMANCE] = performance_of(run, outcomes, logged or {})
        told = readings if new.rows >= run.least else {kind: _unknown(some) for kind, some in readings.items()}
        whole = (rows_of(run, new.rows), *age_of(run, end, now))
        told[Kind.DATA_QUALITY] = (*whole, *told[Kind.DATA_QUALITY])
        shapes = _shapes(told[Kind.DRIFT], pairs)
        notes = (*_notes(plan, told[Kind.DRIFT]), *_chance(run, told[Kind.DRIFT], new.rows))
        return Measured(run, new.rows, old.rows, end, told, shapes, notes)


def _pairs(plan: Plan, old: Survey, new: Survey) -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for column in plan.columns:
        before, after = old.columns[column.name], new.columns[column.name]
        if isinstance(before, Labels) and isinstance(after, Labels):
            found[column.name] = LabelPair(before, after)
        elif not isinstance(before, Labels) and not isinstance(after, Labels):
            found[column.name] = NumberPair(before, after, column.integers and not before.nulls and not after.nulls)
    return found


def _readings(run: DriftRun, plan: Plan, pairs: Mapping[str, Pair]) -> dict[Kind, tuple[Reading, ...]]:
    compared = [drift_of(run, column, pairs[column.name]) for column in plan.columns]
    quality = [one for column in plan.columns for one in quality_of(run, column, pairs[column.name])]
    return {
        Kind.DRIFT: (_share(run, compared), *compared, *plan.unknown),
        Kind.DATA_QUALITY: (*quality, *lost_of(run, plan.lost)),
    }


def _share(run: DriftRun, compared: list[Reading]) -> Reading:
    """The model as a whole drifts from a share of drifted features on."""
    known = [one for one in compared if one.verdict is not Verdict.UNKNOWN]
    bad = sum(one.verdict is Verdict.BAD for one in known)
    share = bad / len(known) if known else None
    verdict = Verdict.UNKNOWN if share is None else Verdict.BAD if share >= run.share else Verdict.FINE
    return Reading(
        feature="",
        method="drifted_share",
        value=share,
        threshold=run.share,
        verdict=verdict,
        score=score_of(share, run.share),
        note=f"{bad} of {len(known)} features",
    )


def _shapes(readings: tuple[Reading, ...], pairs: Mapping[str, Pair]) -> tuple[Shape, ...]:
    """Of the features that are worst."""
    known = [one for one in readings if one.feature in pairs and one.value is not None]
    worst = sorted(known, key=lambda one: -(one.score or 0.0))[:MOST_SHAPES]
    return tuple(shape_of(one.feature, pairs[one.feature]) for one in worst)


def _unknown(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    note = "too few rows to tell anything"
    return tuple(one.model_copy(update={"verdict": Verdict.UNKNOWN, "note": note}) for one in readings)


def _notes(plan: Plan, drift: tuple[Reading, ...]) -> tuple[str, ...]:
    silent = (one for one in drift if one.feature and one.value is None and one not in plan.unknown)
    return (*plan.notes, *(f"{one.feature}: {one.note}" for one in silent))


def _chance(run: DriftRun, drift: tuple[Reading, ...], rows: int) -> Iterator[str]:
    """Distances have no notion of chance: those of a small sample are large."""
    if 0 < rows < FEW_ROWS and not run.rows and any(one.method in DISTANCES for one in drift):
        yield f"{rows:,} rows are so few that distances pass their limits by chance; state min_rows"


def _key(table: Table, plan: Plan) -> Hashable | None:
    return (table.identity, plan.columns) if table.identity else None
