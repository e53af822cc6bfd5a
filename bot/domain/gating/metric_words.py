"""A metric gate in words: short, for a status has 140 characters, and true, whatever the numbers are rounded to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.gating.outcome import brief
from bot.domain.gating.readings import Reading, in_shares
from bot.domain.policy import MetricGate
from bot.domain.policy.gates import is_pattern
from bot.domain.wording import number

NAME_LIMIT = 40
SERIES = " (last of a series)"
_STATES = {GateState.FAIL: "fail", GateState.UNKNOWN: "not known", GateState.SKIPPED: "not compared"}


def required(gate: MetricGate) -> str:
    """What the policy asks for."""
    if gate.against is None:
        asked = f"at {'least' if gate.direction == 'higher' else 'most'} {exact(gate.threshold or 0.0)}"
    else:
        asked = _against(gate)
    if isinstance(gate.slices, float):
        return f"{asked}, in {gate.slices * 100:.4g}% of slices"
    return asked if gate.slices == "every" or not is_pattern(gate.metric) else f"{asked}, worst slice by worst slice"


def _against(gate: MetricGate) -> str:
    if gate.margin is not None:
        sure = f"{gate.margin.confidence * 100:.4g}% sure"
        return f"{sure} to be at most {exact(gate.margin.amount)} worse than {gate.against}"
    if gate.min_absolute_change is not None or gate.min_relative_change is not None:
        return f"{_better(gate)} better than {gate.against}"
    if gate.max_regression is None or gate.max_regression.amount == 0:
        return f"not worse than {gate.against}"
    unit = "%" if gate.max_regression.percent else ""
    return f"at most {exact(gate.max_regression.amount)}{unit} worse than {gate.against}"


def _better(gate: MetricGate) -> str:
    sizes = [exact(gate.min_absolute_change)] if gate.min_absolute_change is not None else []
    sizes += [f"{gate.min_relative_change * 100:.4g}%"] if gate.min_relative_change is not None else []
    return f"at least {' and '.join(sizes)}"


def observed(gate: MetricGate, candidate: ModelVersion, baseline: ModelVersion | None, found: Sequence[Reading]) -> str:
    """What was seen: the metric, or the slice that decides, and how many there are."""
    if not is_pattern(gate.metric):
        return _one(gate, candidate, baseline, found[0])
    told = _deciding(found)
    mark = ":" if told.why else ""
    return f"{_counted(gate, found)}: {name_of(told.name)}{mark} {_one(gate, candidate, baseline, told)}"


def _deciding(found: Sequence[Reading]) -> Reading:
    """The worst that fails, else the first that is not known, else the worst that passes."""
    for state in (GateState.FAIL, GateState.UNKNOWN, GateState.PASS):
        mine = [one for one in found if one.state is state]
        if mine:
            return min(mine, key=lambda one: (one.rank, one.name))
    return found[0]


def _counted(gate: MetricGate, found: Sequence[Reading]) -> str:
    """`2 of 12 slices fail, 1 not known`, else `worst of 12`."""
    counts = [(sum(one.state is state for one in found), words) for state, words in _STATES.items()]
    odd = [f"{count} {words}" for count, words in counts if count]
    if gate.slices == "worst" and gate.against is not None:
        return ", ".join(["worst slice", *(one for one in odd if "fail" not in one)])
    if not odd:
        return f"worst of {len(found)}"
    first, _, words = odd[0].partition(" ")
    return ", ".join([f"{first} of {len(found)} slices {words}", *odd[1:]])


def _one(gate: MetricGate, candidate: ModelVersion, baseline: ModelVersion | None, found: Reading) -> str:
    if found.why:
        return found.why
    last = SERIES if found.name in candidate.series else ""
    if found.old is None or baseline is None:
        return f"{apart(found.new, gate.threshold)}{last}"
    before = SERIES if found.name in baseline.series and gate.slices != "worst" else ""  # else that of another slice
    change = _change(gate, found, found.old, baseline.version)
    return f"{number(found.old)}{before} → {apart(found.new, found.old)}{last}, {change}"


def _change(gate: MetricGate, found: Reading, old: float, version: str) -> str:
    worse = old - found.new if gate.direction == "higher" else found.new - old
    said = f"the same as {version}"
    if not math.isclose(found.new, old, rel_tol=1e-12):
        said = f"{_size(gate, worse, old)} {'worse' if worse > 0 else 'better'} than {version}"
    return said if gate.margin is None else f"{said}, maybe {_maybe(worse + found.widened)}"


def _size(gate: MetricGate, worse: float, old: float) -> str:
    """By how much; a share has two digits, or as many as it takes to be told from the limit."""
    if not in_shares(gate) or old == 0:
        return number(abs(worse))
    limit = gate.max_regression.amount if gate.max_regression else 100 * (gate.min_relative_change or 0.0)
    return f"{apart(abs(100 * worse / old), limit, 2)}%"


def _maybe(worse: float) -> str:
    return f"{number(abs(worse))} {'worse' if worse > 0 else 'better'}"


def apart(value: float, other: float | None, digits: int = 4) -> str:
    """A number with as many digits as it takes to be told from the other, where they differ by more than noise."""
    for count in range(digits, 13):
        text = _rounded(value, count)
        if other is None or value == other or text != _rounded(other, count):
            return text
    return _rounded(value, digits)


def _rounded(value: float, digits: int) -> str:
    return number(value) if digits == 4 else exact(float(f"{value:.{digits}g}"))


def exact(value: float) -> str:
    """A number of the policy as it is written there."""
    text = f"{value:.12g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e15 else text


def name_of(name: str) -> str:
    """A metric's name on one line, cut in the middle: what differs stands at its end."""
    line = brief(name, 250)
    half = NAME_LIMIT // 2
    return line if len(line) <= NAME_LIMIT else f"{line[: half - 1]}…{line[-half:]}"
