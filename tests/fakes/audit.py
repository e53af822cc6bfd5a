"""The audit chain, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from bot.domain.audit import AuditEntry, AuditHead, AuditRow, chained


class FakeAudit:
    def __init__(self) -> None:
        self.chain: list[AuditRow] = []
        self._lock = threading.RLock()

    def append(self, *entries: AuditEntry) -> int:
        with self._lock:
            known = {row.entry.key for row in self.chain}
            added = 0
            for entry in entries:
                if entry.key not in known:
                    self.chain.append(chained(self.head(), entry))
                    known.add(entry.key)
                    added += 1
            return added

    def head(self) -> AuditHead:
        return AuditHead(self.chain[-1].seq, self.chain[-1].hash) if self.chain else AuditHead()

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        return iter([row for row in self.chain if row.seq > after])

    def of_model(self, model: str, limit: int = 50) -> list[AuditRow]:
        return [row for row in reversed(self.chain) if row.entry.model == model][:limit]

    def of_change(self, change: str) -> list[AuditRow]:
        return [row for row in self.chain if row.entry.change == change]
