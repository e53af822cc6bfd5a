"""The tables of drift: what monitors told, incidents, retrainings, what was done when."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, String, Table, Text

from bot.adapters.store_sql.schema import metadata

drift_tracks = Table(
    "drift_tracks",
    metadata,
    Column("model", Text, primary_key=True),
    Column("environment", Text, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("at", Double, nullable=False),
    Column("body", Text, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("model", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("channel", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("opened", Double, nullable=False),
    Column("resolved", Double),
    Column("card", String(26), nullable=False),
    Column("storm", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
Index("incidents_target", incidents.c.model, incidents.c.environment, incidents.c.kind, incidents.c.opened)
Index("incidents_channel", incidents.c.channel, incidents.c.opened)
Index("incidents_storm", incidents.c.storm)
Index("incidents_card", incidents.c.card)
Index(
    "incidents_one_open",
    incidents.c.model,
    incidents.c.environment,
    incidents.c.kind,
    unique=True,
    sqlite_where=incidents.c.open.is_(True),
    postgresql_where=incidents.c.open.is_(True),
)

drift_memory = Table(
    "drift_memory",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("body", Text, nullable=False),
)

retrains = Table(
    "retrains",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("model", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("running", Boolean, nullable=False),
    Column("asked", Double, nullable=False),
    Column("version", Text),
    Column("body", Text, nullable=False),
)
Index("retrains_model", retrains.c.model, retrains.c.asked)
