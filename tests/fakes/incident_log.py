"""Tracks and incidents in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.drifting.outline import outline_of
from bot.domain.drifting.windows import Kind
from bot.errors import Stale
from tests.fakes.audit import FakeAudit

Key = tuple[str, str, str]
T = TypeVar("T", Track, Incident)


class FakeIncidentLog:
    """The IncidentLog port; what is kept is written and read again, as a database would. ``between`` is called once
    before the next save, as if somebody else came first; set ``fails`` to an error that the next save raises."""

    def __init__(self, audit: FakeAudit | None = None) -> None:
        self.audit = audit or FakeAudit()
        self.between: Callable[[], None] | None = None
        self.fails: Exception | None = None
        self.saves = 0
        self._tracks: dict[Key, str] = {}
        self._incidents: dict[str, str] = {}
        self._lock = threading.RLock()

    def track(self, model: str, environment: str, kind: Kind) -> Track | None:
        body = self._tracks.get((model, environment, kind.value))
        return None if body is None else Track.model_validate_json(body)

    def tracks(self, model: str | None = None) -> list[Track]:
        found = [Track.model_validate_json(body) for _, body in sorted(self._tracks.items())]
        return [one for one in found if model in (None, one.model)]

    def save(self, track: Track | None, incidents: Sequence[Incident] = (), *audit: AuditEntry) -> None:
        first, self.between = self.between, None
        if first is not None:
            first()
        failing, self.fails = self.fails, None
        if failing is not None:
            raise failing
        with self._lock:
            self._check(track, incidents)
            if track is not None:
                self._tracks[_key(track)] = _raised(track).model_dump_json()
            self._incidents |= {one.id: _raised(one).model_dump_json() for one in incidents}
            self.audit.append(*audit)
            self.saves += 1

    def _check(self, track: Track | None, incidents: Sequence[Incident]) -> None:
        known = self.track(*_parts(track)) if track is not None else None
        if track is not None and track.revision != (known.revision if known else 0):
            raise Stale("somebody else saved it since it was read")
        for one in incidents:
            there = self.get(one.id)
            if one.revision != (there.revision if there else 0):
                raise Stale("somebody else saved it since it was read")
        after = {one.id: one for one in self._all()} | {one.id: one for one in incidents}
        held = [_key(one) for one in after.values() if one.is_open]
        if len(held) != len(set(held)):
            raise Stale("somebody else saved an incident of the same model, environment and kind")

    def get(self, incident: str) -> Incident | None:
        body = self._incidents.get(incident)
        return None if body is None else Incident.model_validate_json(body)

    def open(self, model: str | None = None, environment: str | None = None) -> list[Incident]:
        named = (one for one in self._all() if model in (None, one.model) and environment in (None, one.environment))
        return [one for one in named if one.is_open]

    def since(self, moment: float) -> list[Incident]:
        found = [one for one in self._all() if one.resolved is None or one.resolved >= moment][:10_000]
        return [outline_of(one.model_dump_json()) for one in found]

    def recent(self, channel: str, since: float, until: float, most: int) -> list[Incident]:
        mine = [one for one in self._all() if one.channel == channel and since < one.opened <= until]
        return mine[::-1][:most]

    def storm_size(self, storm: str) -> int:
        return len(self.of_storm(storm))

    def of_storm(self, storm: str) -> list[Incident]:
        return [one for one in self._all() if storm and one.storm == storm]

    def of_card(self, card: str) -> list[Incident]:
        return [one for one in self._all() if one.card == card]

    def last(self, model: str, environment: str, kind: Kind) -> Incident | None:
        mine = [one for one in self._all() if _key(one) == (model, environment, kind.value)]
        return mine[-1] if mine else None

    def forget(self, before: float) -> int:
        needed = {_key(one) for one in self.open()}
        over = [one.id for one in self._all() if one.resolved is not None and one.resolved < before]
        silent = [_key(one) for one in self.tracks() if one.at < before and _key(one) not in needed]
        for name in over:
            del self._incidents[name]
        for key in silent:
            del self._tracks[key]
        return len(over) + len(silent)

    def _all(self) -> list[Incident]:
        found = (Incident.model_validate_json(body) for body in self._incidents.values())
        return sorted(found, key=lambda one: (one.opened, one.id))


def _raised(one: T) -> T:
    return one.model_copy(update={"revision": one.revision + 1})


def _parts(one: Track | Incident) -> tuple[str, str, Kind]:
    return one.model, one.environment, one.kind


def _key(one: Track | Incident) -> Key:
    return one.model, one.environment, one.kind.value
