"""What came into an environment, out of the records of changes and out of Git; `delivery` counts it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from ulid import ULID

from bot.domain.change import Action, Change, ChangeState
from bot.domain.delivery import DAY, Arrival
from bot.domain.past import Past
from bot.domain.rollout import RolloutState

LONGEST_DAYS = 90  # a change id that says to be older than that is not ours
_ENOUGH_OLD = 3  # so many commits in a row before the period end it: one alone may come from a clock that is wrong
_NOBODY_TOLD = (None, RolloutState.WAITING, RolloutState.SILENT)
_BAD = (RolloutState.DEGRADED, RolloutState.FAILED)


def of_records(changes: Iterable[Change]) -> list[Arrival]:
    """The merged changes of one target. The steps of a ladder are one arrival; its abort is another, which takes it
    back. A record that does not say when it was merged is left out."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.merged_at is not None:
            groups.setdefault(_ladder(change), []).append(change)
    return [_of_group(sorted(group, key=_merged_at)) for group in groups.values()]


def _ladder(change: Change) -> str:
    climbs = change.rung is not None and not _takes_back(change)
    return change.rung.ladder if climbs and change.rung else change.id


def _takes_back(change: Change) -> bool:
    aborts = change.intent.action is Action.STEP and change.rung is not None and change.rung.percent == 0
    return change.intent.action is Action.ROLLBACK or aborts


def _merged_at(change: Change) -> float:
    return change.merged_at or 0.0


def _of_group(group: Sequence[Change]) -> Arrival:
    first, last = group[0], group[-1]
    bad = [change.degraded_at for change in group if change.degraded_at is not None]
    bad += [_merged_at(change) for change in group if change.degraded_at is None and change.outcome in _BAD]
    return Arrival(
        at=_merged_at(first),
        back=_takes_back(first),
        outside=first.intent.action is Action.MANUAL,
        asked_at=None if first.intent.action is Action.MANUAL else min(change.created_at for change in group),
        live_at=_live_at(last),
        bad_at=min(bad, default=None),
        healed=bool(bad) and last.outcome == RolloutState.HEALTHY,
    )


def _live_at(last: Change) -> float | None:
    """A ladder is live when all of the traffic is. Where no engine told of a change, its merge is all there is."""
    if last.rung is not None and last.rung.percent != 100 and not _takes_back(last):
        return None
    if last.healthy_at is not None:
        return last.healthy_at
    silent = last.outcome in _NOBODY_TOLD and last.degraded_at is None and last.state is not ChangeState.WATCHING
    return last.merged_at if silent else None


def of_history(
    history: Iterable[Past], environment: str, known: Mapping[str, Change], now: float, since: float, most: int
) -> Iterator[Arrival]:
    """What came in by commits of which no record of this environment tells, newest first. ``history`` is newest first;
    at most ``most`` commits are read, and hardly more than there are after ``since``.

    ``known`` are the model's records, by their ids and by their merge commits.
    """
    entries, cut = _recent(history, since, most)
    for place, entry in enumerate(entries):
        older = entries[place + 1] if place + 1 < len(entries) else None
        if (older is None and cut) or (older is not None and older.version == entry.version):
            continue
        at = _between(older.time if older else None, entry.time, entries[place - 1].time if place else now, now)
        record = known.get(entry.change or "") or known.get(entry.commit)
        if record is None or record.merged_at is None or record.intent.environment != environment:
            yield _of_commit(entry, record, at)


def _between(older: float | None, time: float, newer: float, now: float) -> float:
    """Git's order is certain, the clocks of those who push are not: a time stays between its neighbours'. One that has
    yet to come is wrong, and moves nobody else."""
    return median([time if older is None or older > now else older, time, min(newer, now)])


def _recent(history: Iterable[Past], since: float, most: int) -> tuple[list[Past], bool]:
    """The commits that say a version, and whether there may be older ones that were not read."""
    entries: list[Past] = []
    read = old = 0
    for entry in itertools.islice(history, most):
        read += 1
        if entry.version is None:
            continue
        entries.append(entry)
        old = old + 1 if entry.time < since else 0
        if old >= _ENOUGH_OLD:
            return entries, True
    return entries, read >= most


def _of_commit(entry: Past, record: Change | None, at: float) -> Arrival:
    """What the record of another environment that shares the value, or the commit alone, can tell: no health."""
    action = record.intent.action.value if record else entry.action
    ours = (record is not None or entry.change is not None) and action != Action.MANUAL
    asked = record.created_at if record else asked_at(entry.change, at)
    return Arrival(at, action == Action.ROLLBACK, not ours, asked if ours else None, at)


def asked_at(change: str | None, at: float) -> float | None:
    """When a change was asked for, by its id alone: a ULID begins with its time
    (https://github.com/ulid/spec). None where that cannot be."""
    try:
        asked = ULID.from_str(change or "").timestamp
    except ValueError:
        return None
    return asked if at - LONGEST_DAYS * DAY <= asked <= at + DAY else None
