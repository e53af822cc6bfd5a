"""What engines said, in memory; and an engine that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.signal import Phase, Signal
from bot.errors import SlackOpsError
from bot.ports.signals import SignalRecord

MOST = 1_000
_TELLING = (Phase.HEALTHY, Phase.DEGRADED, Phase.FAILED)
_ALERTS = (Phase.ALERT, Phase.CALM)
_ENDS = (*_TELLING, Phase.SYNCED, *_ALERTS)


class FakeSignals:
    """The SignalLog port."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str, str], SignalRecord] = {}

    def add(self, records: Sequence[SignalRecord]) -> int:
        before = len(self._records)
        for record in records:
            key = (record.model, record.environment, record.signal.key)
            known = self._records.setdefault(key, record)
            if record.signal.phase is Phase.ALERT and record.received > known.received:
                self._records[key] = replace(known, received=record.received)
        return len(self._records) - before

    def of(self, model: str, environment: str, since: float = 0.0) -> list[SignalRecord]:
        target = (model, environment)
        found = [r for r in self._records.values() if (r.model, r.environment) == target and r.signal.at >= since]
        found.sort(key=lambda r: (r.signal.at, r.signal.key))
        ends: dict[tuple[object, ...], list[SignalRecord]] = {}
        for record in found:
            if record.version is not None and record.signal.phase in _TELLING:
                ends.setdefault(_stay(record), []).append(record)
        kept = {id(r) for some in ends.values() for r in (some[0], some[-1])} | {id(r) for r in found[-MOST:]}
        kept |= {id(r) for r in _last_words(found)} if len(found) > MOST else set()
        return [r for r in found if id(r) in kept]

    def forget(self, before: float) -> int:
        newest: dict[tuple[object, ...], float] = {}
        for record in self._records.values():
            if record.version is not None and record.signal.phase in _TELLING:
                newest[_stay(record)] = max(record.signal.at, newest.get(_stay(record), record.signal.at))
        gone = [
            key
            for key, record in self._records.items()
            if record.received < before and newest.get(_stay(record)) != record.signal.at
        ]
        for key in gone:
            del self._records[key]
        return len(gone)


def _last_words(found: list[SignalRecord]) -> list[SignalRecord]:
    """The last of each kind of each application and of each alert, those that fire first."""
    last: dict[tuple[object, ...], SignalRecord] = {}
    for record in found:
        if record.signal.phase in _ENDS:
            kind = "alert" if record.signal.phase in _ALERTS else record.signal.phase
            last[record.signal.source, record.signal.application, kind] = record
    return sorted(last.values(), key=lambda r: (r.signal.phase is Phase.CALM, -r.signal.at))[:MOST]


def _stay(record: SignalRecord) -> tuple[object, ...]:
    return (record.model, record.environment, record.version, record.signal.phase)


@dataclass
class FakeEngine:
    """The Engine port: answers what ``says`` holds by application; ``down`` is raised by every call."""

    says: dict[str, Signal] = field(default_factory=dict)
    down: SlackOpsError | None = None

    def look(self, application: str) -> Signal | None:
        if self.down is not None:
            raise self.down
        return self.says.get(application)
