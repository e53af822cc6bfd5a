"""What engines said about targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy import Row as SqlRow

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import signals
from bot.domain.signal import Phase, Signal
from bot.ports.signals import SignalRecord

C = signals.c
MOST = 1_000
_TELLING = (Phase.HEALTHY.value, Phase.DEGRADED.value, Phase.FAILED.value)
_BATCH = 100


class SqlSignals:
    """The SignalLog port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, records: Sequence[SignalRecord]) -> int:
        """As the port says."""
        new = 0
        for start in range(0, len(records), _BATCH):
            rows = [_columns(record) for record in records[start : start + _BATCH]]
            insert = self._db.insert(signals).values(rows).on_conflict_do_nothing().returning(C.key)
            with self._db.write() as connection:
                new += len(connection.execute(insert).all())
        return new

    def of(self, model: str, environment: str, since: float = 0.0) -> list[SignalRecord]:
        """As the port says."""
        about = and_(C.model == model, C.environment == environment, C.at >= since)
        newest = select(signals).where(about).order_by(C.at.desc(), C.key.desc()).limit(MOST)
        with self._db.read() as connection:
            rows = list(connection.execute(newest).all())
            if len(rows) == MOST:
                rows += connection.execute(_turns(about)).all()
        found = {row.key: row for row in rows}
        return [_record(row) for row in sorted(found.values(), key=lambda row: (row.at, row.key))]

    def forget(self, before: float) -> int:
        """As the port says."""
        newest = (
            select(C.model, C.environment, C.version, C.phase, func.max(C.at).label("at"))
            .where(C.version.is_not(None), C.phase.in_(_TELLING))
            .group_by(C.model, C.environment, C.version, C.phase)
            .subquery()
        )
        kept = (
            select(1)
            .where(
                newest.c.model == C.model,
                newest.c.environment == C.environment,
                newest.c.version == C.version,
                newest.c.phase == C.phase,
                newest.c.at == C.at,
            )
            .exists()
        )
        with self._db.write() as connection:
            return connection.execute(delete(signals).where(C.received < before, ~kept)).rowcount


def _turns(about: ColumnElement[bool]) -> Select[Any]:
    """The first and the last healthy and bad signal of each version: what no flood of others may wash away."""
    ends = (
        select(C.version, C.phase, func.min(C.at).label("first"), func.max(C.at).label("last"))
        .where(about, C.version.is_not(None), C.phase.in_(_TELLING))
        .group_by(C.version, C.phase)
        .subquery()
    )
    same = and_(ends.c.version == C.version, ends.c.phase == C.phase, C.at.in_([ends.c.first, ends.c.last]))
    return select(signals).join(ends, same).where(about)


def _columns(record: SignalRecord) -> dict[str, object]:
    signal = record.signal
    return {
        "model": record.model,
        "environment": record.environment,
        "key": signal.key,
        "at": signal.at,
        "received": record.received,
        "phase": signal.phase.value,
        "version": record.version,
        "body": signal.model_dump_json(),
    }


def _record(found: SqlRow[tuple[object, ...]]) -> SignalRecord:
    signal = Signal.model_validate_json(found.body)
    return SignalRecord(found.model, found.environment, signal, found.version, found.received)
