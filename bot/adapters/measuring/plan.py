"""Which columns are compared, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.adapters.measuring.kinds import ColumnKind
from bot.domain.drifting.measuring import DriftRun, FeatureRule
from bot.domain.drifting.windows import Reading


@dataclass(frozen=True)
class Column:
    """``named``: its values are names, by their type or because the policy says so. ``integers``: both data sets hold
    whole numbers."""

    name: str
    kind: ColumnKind
    named: bool
    rule: FeatureRule | None
    prediction: bool
    integers: bool = False


@dataclass(frozen=True)
class Plan:
    """What is compared, and an unknown reading for what cannot be; ``notes`` say both in words. ``lost``: what the
    policy names and the reference has, and the current data has no more, or as something else."""

    columns: tuple[Column, ...]
    unknown: tuple[Reading, ...]
    notes: tuple[str, ...]
    lost: tuple[Reading, ...] = ()


def plan_of(run: DriftRun, reference: Mapping[str, ColumnKind], current: Mapping[str, ColumnKind]) -> Plan:
    """From the columns of both data sets."""
    columns, unknown, notes, lost = [], [], [], []
    for name in _wanted(run, [*dict.fromkeys((*reference, *current))]):
        column = _column(run, name, reference.get(name), current.get(name))
        if isinstance(column, Column):
            columns.append(column)
        elif column:
            unknown.append(
                Reading(feature=name, method="none", value=None, note=column, prediction=name == run.prediction)
            )
            notes.append(f"{name}: {column}")
            if name in reference and _is_named(run, name):
                lost.append(unknown[-1])
    return Plan(tuple(columns), tuple(unknown), tuple(notes), tuple(lost))


def rule_for(run: DriftRun, name: str) -> FeatureRule | None:
    """The one that names the feature, else the first whose pattern matches it."""
    exact = next((rule for rule in run.rules if rule.name == name), None)
    return exact or next((rule for rule in run.rules if matches(name, rule.name)), None)


def matches(name: str, pattern: str) -> bool:
    """Only `*` has a meaning of its own: names may hold brackets."""
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))


def _is_named(run: DriftRun, name: str) -> bool:
    return name == run.prediction or any(matches(name, pattern) for pattern in run.features)


def _wanted(run: DriftRun, there: list[str]) -> list[str]:
    """In the order of the data, then what is named but not there."""
    apart = {run.label, run.reference.time, run.current.time}
    if run.features:
        listed = {name for name in there if any(matches(name, pattern) for pattern in run.features)}
        listed |= {run.prediction} - {""}
    else:
        listed = set(there) - apart
    missing = [name for name in run.features if "*" not in name] + [run.prediction]
    names = [name for name in there if name in listed]
    names += [name for name in dict.fromkeys(missing) if name and name not in there]
    return [name for name in names if not any(matches(name, pattern) for pattern in run.exclude)]


def _column(run: DriftRun, name: str, old: ColumnKind | None, new: ColumnKind | None) -> Column | str:
    """Or why it cannot be compared; an empty text where nobody asked."""
    if old is None or new is None:
        return _absent(old, new)
    rule = rule_for(run, name)
    odd = {old, new} & {ColumnKind.TIME, ColumnKind.OTHER}
    if odd and old is not new and ColumnKind.EMPTY not in {old, new}:
        return f"its type changed from {old.value} to {new.value}"
    if odd:
        return "its type cannot be compared" if name in (*run.features, run.prediction) else ""
    kind = new if old is ColumnKind.EMPTY else old
    known = {one for one in (old, new) if one is not ColumnKind.EMPTY}
    declared = rule.categorical if rule is not None else None
    if declared is None and len({ColumnKind.INTEGER if one.numeric else one for one in known}) > 1:
        return f"its type changed from {old.value} to {new.value}"
    if declared is False and any(not one.numeric for one in known):
        return "it does not hold numbers"
    named = bool(declared) or kind.label
    integers = known == {ColumnKind.INTEGER}
    return Column(name, new if known else kind, named, rule, name == run.prediction, integers)


def _absent(old: ColumnKind | None, new: ColumnKind | None) -> str:
    if old is new:
        return "neither data set has it"
    return "it is gone from the current data" if new is None else "it is new: the reference does not have it"
