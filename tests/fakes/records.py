"""What the bot remembers, in memory: changes, linked accounts, posted messages."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bot.domain.audit import AuditEntry
from bot.domain.change import Change, ChangeState
from bot.domain.glass import owed
from bot.errors import Fatal
from bot.ports.records import ChangeExists, PostRecord
from tests.fakes.audit import FakeAudit
from tests.fakes.links import FakeLinks

__all__ = ["FakeChanges", "FakeLinks", "FakePosts"]


class FakeChanges:
    def __init__(self, audit: FakeAudit | None = None) -> None:
        self.audit = audit or FakeAudit()
        self._by_id: dict[str, Change] = {}
        self._lock = threading.RLock()

    def add(self, change: Change, *audit: AuditEntry) -> None:
        with self._lock:
            if change.id in self._by_id:
                raise ChangeExists(change.intent.model, change.intent.environment)
            self._store(change)
            self.audit.append(*audit)

    def get(self, change_id: str) -> Change | None:
        return self._by_id.get(change_id)

    def by_number(self, number: int) -> Change | None:
        return max(
            (c for c in self._by_id.values() if c.number == number), key=lambda c: (c.created_at, c.id), default=None
        )

    def open_for(self, model: str, environment: str) -> Change | None:
        target = (model, environment)
        held = (c for c in self.all_open() if c.state is not ChangeState.BY_HAND)
        return next((c for c in held if (c.intent.model, c.intent.environment) == target), None)

    def all_open(self) -> list[Change]:
        with self._lock:
            return sorted((c for c in self._by_id.values() if not c.state.final), key=lambda c: (c.created_at, c.id))

    def all_watching(self) -> list[Change]:
        return [c for c in self._in_order() if c.state is ChangeState.WATCHING]

    def merged_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        target = (model, environment)
        found = [c for c in self._in_order() if _merged(c) and (c.intent.model, c.intent.environment) == target]
        return sorted(found[-limit:], key=lambda c: c.merged_at or c.created_at, reverse=True)

    def closed_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        about = (model, environment, ChangeState.CLOSED)
        found = [c for c in self._in_order() if (c.intent.model, c.intent.environment, c.state) == about]
        return found[::-1][:limit]

    def merged_since(self, since: float) -> list[Change]:
        return [c for c in self._in_order() if _merged(c) and c.created_at >= since]

    def _in_order(self) -> list[Change]:
        return sorted(self._by_id.values(), key=lambda c: (c.created_at, c.id))

    def in_debt(self, model: str) -> list[Change]:
        return [one for one in self._in_order() if one.intent.model == model and owed(one)]

    def update(self, change_id: str, edit: Callable[[Change], Change], *audit: AuditEntry) -> Change:
        with self._lock:
            if change_id not in self._by_id:
                raise Fatal(f"there is no change {change_id}")
            old = self._by_id[change_id]
            new = edit(old)
            self._store(new)
            if new != old:
                self.audit.append(*audit)
            return new

    def _store(self, change: Change) -> None:
        holds = not change.state.final and change.state is not ChangeState.BY_HAND
        other = self.open_for(change.intent.model, change.intent.environment) if holds else None
        if other is not None and other.id != change.id:
            raise ChangeExists(change.intent.model, change.intent.environment)
        self._by_id[change.id] = change


def _merged(change: Change) -> bool:
    return change.state in (ChangeState.WATCHING, ChangeState.MERGED)


class FakePosts:
    def __init__(self) -> None:
        self._records: dict[tuple[str, str], PostRecord] = {}

    def get(self, subject: str, mark: str) -> PostRecord | None:
        return self._records.get((subject, mark))

    def of(self, subject: str) -> list[PostRecord]:
        found = [r for r in self._records.values() if r.subject == subject]
        return sorted(found, key=lambda r: (r.since, r.mark))

    def save(self, record: PostRecord) -> None:
        self._records[record.subject, record.mark] = record
