"""What engines said, in memory; and an engine that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.signal import Phase, Signal
from bot.errors import SlackOpsError
from bot.ports.signals import SignalRecord

MOST = 1_000
_TELLING = (Phase.HEALTHY, Phase.DEGRADED, Phase.FAILED)


class FakeSignals:
    """The SignalLog port."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str, str], SignalRecord] = {}

    def add(self, records: Sequence[SignalRecord]) -> int:
        before = len(self._records)
        for record in records:
            self._records.setdefault((record.model, record.environment, record.signal.key), record)
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
