"""Tracks and incidents: columns for what is looked up by, one JSON body for the whole, and a revision each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.store_sql.audit import append_in
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema_drift import drift_tracks, incidents
from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.drifting.outline import outline_of
from bot.domain.drifting.windows import Kind
from bot.errors import Stale

T, C = drift_tracks.c, incidents.c
MOST = 10_000
_ORDER = (C.opened, C.id)


class SqlIncidentLog:
    """The IncidentLog port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def track(self, model: str, environment: str, kind: Kind) -> Track | None:
        """As the port says."""
        found = self._tracks(select(T.body).where(T.model == model, T.environment == environment, T.kind == kind.value))
        return found[0] if found else None

    def tracks(self, model: str | None = None) -> list[Track]:
        """As the port says."""
        query = select(T.body).order_by(T.model, T.environment, T.kind)
        return self._tracks(query if model is None else query.where(T.model == model))

    def save(self, track: Track | None, incidents: Sequence[Incident] = (), *audit: AuditEntry) -> None:
        """As the port says."""
        try:
            with self._db.write() as connection:
                if track is not None:
                    _save_track(connection, track)
                # What was resolved makes room for what is open.
                for incident in sorted(incidents, key=lambda one: one.is_open):
                    _save_incident(connection, incident)
                append_in(connection, audit)
        except IntegrityError as error:
            raise Stale("somebody else saved an incident of the same model, environment and kind") from error

    def get(self, incident: str) -> Incident | None:
        """As the port says."""
        return self._one(select(C.body).where(C.id == incident))

    def open(self, model: str | None = None, environment: str | None = None) -> list[Incident]:
        """As the port says."""
        query = select(C.body).where(C.open).order_by(*_ORDER)
        query = query if model is None else query.where(C.model == model)
        return self._many(query if environment is None else query.where(C.environment == environment))

    def since(self, moment: float) -> list[Incident]:
        """As the port says."""
        query = select(C.body).where(or_(C.open, C.resolved >= moment)).order_by(*_ORDER).limit(MOST)
        with self._db.read() as connection:
            found = connection.execute(query, execution_options={"yield_per": 200}).scalars()
            return [outline_of(body) for body in found]

    def recent(self, channel: str, since: float, until: float, most: int) -> list[Incident]:
        """As the port says."""
        mine = C.channel == channel, C.opened > since, C.opened <= until
        return self._many(select(C.body).where(*mine).order_by(C.opened.desc(), C.id.desc()).limit(most))

    def storm_size(self, storm: str) -> int:
        """As the port says."""
        with self._db.read() as connection:
            found = connection.execute(select(func.count()).select_from(incidents).where(C.storm == storm)).scalar()
        return found or 0 if storm else 0

    def of_storm(self, storm: str) -> list[Incident]:
        """As the port says."""
        return self._many(select(C.body).where(C.storm == storm).order_by(*_ORDER)) if storm else []

    def of_card(self, card: str) -> list[Incident]:
        """As the port says."""
        return self._many(select(C.body).where(C.card == card).order_by(*_ORDER))

    def last(self, model: str, environment: str, kind: Kind) -> Incident | None:
        """As the port says."""
        mine = C.model == model, C.environment == environment, C.kind == kind.value
        return self._one(select(C.body).where(*mine).order_by(C.opened.desc(), C.id.desc()))

    def forget(self, before: float) -> int:
        """As the port says."""
        same = T.model == C.model, T.environment == C.environment, T.kind == C.kind
        needed = exists().where(*same, C.open)
        with self._db.write() as connection:
            gone = connection.execute(delete(incidents).where(~C.open, C.resolved < before)).rowcount
            return gone + connection.execute(delete(drift_tracks).where(T.at < before, ~needed)).rowcount

    def _tracks(self, query: Select[Any]) -> list[Track]:
        with self._db.read() as connection:
            return [Track.model_validate_json(body) for body in connection.execute(query).scalars().all()]

    def _many(self, query: Select[Any]) -> list[Incident]:
        with self._db.read() as connection:
            return [Incident.model_validate_json(body) for body in connection.execute(query).scalars().all()]

    def _one(self, query: Select[Any]) -> Incident | None:
        found = self._many(query.limit(1))
        return found[0] if found else None


def _save_track(connection: Connection, track: Track) -> None:
    same = T.model == track.model, T.environment == track.environment, T.kind == track.kind.value
    saved = track.model_copy(update={"revision": track.revision + 1})
    values = {"revision": saved.revision, "at": saved.at, "body": saved.model_dump_json()}
    if track.revision == 0:
        key = {"model": track.model, "environment": track.environment, "kind": track.kind.value}
        connection.execute(drift_tracks.insert(), key | values)
        return
    _one_row(connection.execute(update(drift_tracks).where(*same, T.revision == track.revision).values(**values)))


def _save_incident(connection: Connection, incident: Incident) -> None:
    saved = incident.model_copy(update={"revision": incident.revision + 1})
    values = {
        "model": saved.model,
        "environment": saved.environment,
        "kind": saved.kind.value,
        "channel": saved.channel,
        "open": saved.is_open,
        "opened": saved.opened,
        "resolved": saved.resolved,
        "card": saved.card,
        "storm": saved.storm,
        "revision": saved.revision,
        "body": saved.model_dump_json(),
    }
    if incident.revision == 0:
        connection.execute(incidents.insert(), {"id": incident.id} | values)
        return
    mine = C.id == incident.id, C.revision == incident.revision
    _one_row(connection.execute(update(incidents).where(*mine).values(**values)))


def _one_row(result: Any) -> None:
    if result.rowcount != 1:
        raise Stale("somebody else saved it since it was read")
