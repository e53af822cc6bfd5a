"""Metrics by pattern: each match is a slice. Which there are, and what they come to together."""

from __future__ import annotations

import fnmatch
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.gating.readings import Reading, Value, above, beside, values_of
from bot.domain.policy import MetricGate


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(text))


def slices_of(gate: MetricGate, version: ModelVersion) -> list[str]:
    """The metrics of a version that the gate means, those included that nobody can tell; no standard errors."""
    fits = _pattern(gate.metric)
    error = _pattern(gate.margin.stderr) if gate.margin is not None else None
    known = dict.fromkeys((*version.metrics, *version.conflicts))
    return sorted(name for name in known if fits.match(name) and not (error and error.match(name)))


def readings(gate: MetricGate, candidate: ModelVersion, baseline: ModelVersion | None) -> list[Reading]:
    """Every slice by itself, or one of the two worst ones."""
    mine = slices_of(gate, candidate)
    if baseline is None:
        return [above(gate, value) for value in values_of(candidate, mine)]
    theirs = slices_of(gate, baseline)
    both = sorted(set(mine) & set(theirs))
    compare = _worst if gate.slices == "worst" else _each
    return [
        *_lost(sorted(set(theirs) - set(mine)), candidate, baseline),
        *_fresh(sorted(set(mine) - set(theirs)), gate, baseline),
        *compare(gate, both, candidate, baseline),
    ]


def _lost(names: Iterable[str], candidate: ModelVersion, baseline: ModelVersion) -> Iterator[Reading]:
    why = f"in {baseline.version}, not in {candidate.version}"
    return (Reading(name, GateState.UNKNOWN, why=why) for name in names)


def _fresh(names: Iterable[str], gate: MetricGate, baseline: ModelVersion) -> Iterator[Reading]:
    state = GateState.FAIL if gate.no_baseline == "fail" else GateState.SKIPPED
    return (Reading(name, state, rank=-math.inf, why=f"new since {baseline.version}") for name in names)


def _each(gate: MetricGate, names: Sequence[str], candidate: ModelVersion, baseline: ModelVersion) -> Iterator[Reading]:
    for new, old in zip(values_of(candidate, names), values_of(baseline, names), strict=True):
        yield beside(gate, new, old, candidate, baseline)


def _worst(
    gate: MetricGate, names: Sequence[str], candidate: ModelVersion, baseline: ModelVersion
) -> Iterator[Reading]:
    new, old = values_of(candidate, names), values_of(baseline, names)
    if names:
        yield beside(gate, _least(gate, new), _least(gate, old), candidate, baseline)


def _least(gate: MetricGate, values: Sequence[Value]) -> Value:
    """The worst one; one that nobody can tell may be it."""
    unknown = next((value for value in values if value.why), None)
    if unknown is not None:
        return unknown
    return min(values, key=lambda one: one.number if gate.direction == "higher" else -one.number)


def together(gate: MetricGate, found: Sequence[Reading]) -> GateState:
    """What the slices come to. Those that are skipped do not count."""
    counts = Counter(one.state for one in found)
    counted = len(found) - counts[GateState.SKIPPED]
    needed = _needed(gate, counted)
    if not counted:
        return GateState.SKIPPED if found else GateState.UNKNOWN
    if counts[GateState.PASS] >= needed:
        return GateState.PASS
    return GateState.FAIL if counted - counts[GateState.FAIL] < needed else GateState.UNKNOWN


def _needed(gate: MetricGate, counted: int) -> int:
    """How many must pass: at least one, for a share of few."""
    return counted if isinstance(gate.slices, str) else max(1, math.ceil(gate.slices * counted - 1e-9))
