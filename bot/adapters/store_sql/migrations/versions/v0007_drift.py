"""Drift: what monitors told, incidents, retrainings, and what was done when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "drift_tracks",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("opened", sa.Double, nullable=False),
        sa.Column("resolved", sa.Double),
        sa.Column("card", sa.String(26), nullable=False),
        sa.Column("storm", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("incidents_target", "incidents", ["model", "environment", "kind", "opened"])
    op.create_index("incidents_channel", "incidents", ["channel", "opened"])
    op.create_index("incidents_storm", "incidents", ["storm"])
    op.create_index("incidents_card", "incidents", ["card"])
    target = ["model", "environment", "kind"]
    open_ones = sa.column("open").is_(sa.true())
    op.create_index(
        "incidents_one_open", "incidents", target, unique=True, sqlite_where=open_ones, postgresql_where=open_ones
    )
    op.create_table(
        "drift_memory",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "retrains",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("running", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Double, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("retrains_model", "retrains", ["model", "asked"])


def downgrade() -> None:
    """Drop them."""
    for name in ("retrains", "drift_memory", "incidents", "drift_tracks"):
        op.drop_table(name)
