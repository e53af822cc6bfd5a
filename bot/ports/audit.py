"""The audit chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bot.domain.audit import AuditEntry, AuditHead, AuditRow


class Audit(Protocol):
    """Rows that are added at the end and never changed. Where an effect has a record of its own, the row goes into the
    same transaction: ``Changes.add`` and ``Changes.update`` take entries, and ``Links`` too."""

    def append(self, *entries: AuditEntry) -> int:
        """Add those whose key is new, in this order; how many they were. Raises StoreUnavailable."""
        ...

    def head(self) -> AuditHead:
        """The end of the chain now."""
        ...

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """Every row after this place, in order; memory does not grow with their number."""
        ...

    def of_model(self, model: str, limit: int = 50) -> list[AuditRow]:
        """The newest rows about a model, the newest first."""
        ...

    def of_change(self, change: str) -> list[AuditRow]:
        """Every row about a change, in order."""
        ...
