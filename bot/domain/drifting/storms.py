"""A storm: many incidents of one channel at once. Which of them it holds, and what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.monitors import common
from bot.domain.drifting.windows import Reading, Verdict
from bot.domain.policy import StormRule

FEATURES = 5
"""Readings of an incident that count as what it is about: the worst ones."""
SHARED = 0.5
"""The share of the models from which on something is what they have in common."""


@dataclass(frozen=True)
class Joined:
    """What an incident is part of: ``storm`` is "" where it stands alone. ``others`` are the ids of those that it takes
    along, because it is with this one that they are many."""

    storm: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """What most of a storm's incidents share; ``kind`` "" where they share nothing. ``share`` of ``models`` models have
    it, ``example`` is one of its readings."""

    kind: Literal["feature", "monitor", ""] = ""
    name: str = ""
    share: int = 0
    models: int = 0
    example: Reading | None = None


def joined(mine: Incident, channel: Sequence[Incident], rule: StormRule) -> Joined:
    """Whether an incident that has just opened is one of many. ``channel`` are the incidents of its channel, itself
    perhaps among them.

    It goes with what shares its card; else it joins a storm that somebody joined within the rule's time, while more
    than half of the rule's number still come in that time: those that only trickle in stand alone, or a storm would
    never end. Else, where more than the rule's number came, it begins one, which has its name. Several kinds of one
    model in one environment are one. A second try decides as the first one did, however much of that was written.
    """
    others = [one for one in channel if one.id != mine.id]
    before = [one for one in others if mine.opened - rule.within < one.opened <= mine.opened]
    going = [one.storm for one in sorted(before, key=lambda one: (one.opened, one.id)) if one.storm]
    mates = [one.storm for one in others if one.card == mine.card and one.is_open and one.storm]
    many = len(targets((*before, mine)))
    joins = reversed(going) if many > rule.incidents // 2 else ()
    storm = next((name for name in (mine.storm, *mates, *joins) if name), "")
    if not storm and many > rule.incidents:
        storm = mine.id
    own = storm == mine.id
    return Joined(storm, tuple(one.id for one in before if own and one.storm in ("", storm)))


def targets(members: Sequence[Incident]) -> list[tuple[str, str]]:
    """Which models, in which environments; each once, in the order in which they came."""
    return list(dict.fromkeys((one.model, one.environment) for one in members))


def cause(members: Sequence[Incident]) -> Cause:
    """What most of the models share: a feature, else the monitor, or the rule of alerts, that told of them."""
    total = len(targets(members))
    return _feature(members, total) or _monitor(members, total) or Cause(models=total)


def _feature(members: Sequence[Incident], total: int) -> Cause | None:
    """Written as most write it; names that differ in their case alone are one."""
    found: dict[str, dict[tuple[str, str], Reading]] = {}
    for one in members:
        for reading in _worst(one):
            found.setdefault(reading.feature.casefold(), {}).setdefault((one.model, one.environment), reading)
    if not found:
        return None
    name = max(sorted(found), key=lambda key: (len(found[key]), sum(one.score or 0.0 for one in found[key].values())))
    readings = list(found[name].values())
    if not _most(len(readings), total):
        return None
    shown = Counter(one.feature for one in readings).most_common(1)[0][0]
    return Cause("feature", shown, len(readings), total, max(readings, key=lambda one: one.score or 0.0))


def _monitor(members: Sequence[Incident], total: int) -> Cause | None:
    told: dict[str, set[tuple[str, str]]] = {}
    for one in members:
        for word in one.says:
            if word.verdict is Verdict.BAD:
                told.setdefault(common(word.monitor), set()).add((one.model, one.environment))
    if not told:
        return None
    name = max(sorted(told), key=lambda key: len(told[key]))
    return Cause("monitor", name, len(told[name]), total) if _most(len(told[name]), total) else None


def _most(share: int, total: int) -> bool:
    return share > 1 and share >= total * SHARED


def _worst(one: Incident) -> list[Reading]:
    bad = [reading for reading in one.readings if reading.verdict is Verdict.BAD and reading.feature]
    return sorted(bad, key=lambda reading: -(reading.score or 0.0))[:FEATURES]
