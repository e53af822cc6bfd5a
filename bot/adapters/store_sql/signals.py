"""What engines said about targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, delete, func, select, update
from sqlalchemy import Row as SqlRow

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import signals
from bot.domain.signal import Phase, Signal
from bot.ports.signals import SignalRecord

C = signals.c
MOST = 1_000
_TELLING = (Phase.HEALTHY.value, Phase.DEGRADED.value, Phase.FAILED.value)
_ALERTS = (Phase.ALERT.value, Phase.CALM.value)
_ENDS = (*_TELLING, Phase.SYNCED.value, *_ALERTS)
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
                firing = [_again(row) for row in rows if row["phase"] == Phase.ALERT.value]
                if firing:
                    connection.execute(_REPEATED, firing)
        return new

    def of(self, model: str, environment: str, since: float = 0.0) -> list[SignalRecord]:
        """As the port says."""
        about = and_(C.model == model, C.environment == environment, C.at >= since)
        newest = select(signals).where(about).order_by(C.at.desc(), C.key.desc()).limit(MOST)
        with self._db.read() as connection:
            rows = list(connection.execute(newest).all())
            if len(rows) == MOST:
                rows += [*connection.execute(_turns(about)), *connection.execute(_last_words(about))]
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


def _last_words(about: ColumnElement[bool]) -> Select[Any]:
    """The last of each kind of each application, and the last of each alert: they tell whether it is in trouble still.
    Of many alerts those that fire come first."""
    kind = case((C.phase.in_(_ALERTS), Phase.ALERT.value), else_=C.phase)
    last = (
        select(C.story, kind.label("kind"), func.max(C.at).label("at"))
        .where(about, C.phase.in_(_ENDS))
        .group_by(C.story, "kind")  # by its name: PostgreSQL takes no expression with parameters for the same one
        .subquery()
    )
    same = and_(last.c.story == C.story, last.c.kind == kind, last.c.at == C.at)
    fires_no_more = case((C.phase == Phase.CALM.value, 1), else_=0)
    return select(signals).join(last, same).where(about).order_by(fires_no_more, C.at.desc()).limit(MOST)


_REPEATED = (
    update(signals)
    .where(
        C.model == bindparam("its_model"),
        C.environment == bindparam("its_environment"),
        C.key == bindparam("its_key"),
        C.received < bindparam("now"),
    )
    .values(received=bindparam("now"))
)


def _again(row: Mapping[str, object]) -> dict[str, object]:
    return {**{f"its_{name}": row[name] for name in ("model", "environment", "key")}, "now": row["received"]}


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
        "story": f"{signal.source}:{signal.application}",
    }


def _record(found: SqlRow[tuple[object, ...]]) -> SignalRecord:
    signal = Signal.model_validate_json(found.body)
    return SignalRecord(found.model, found.environment, signal, found.version, found.received)
