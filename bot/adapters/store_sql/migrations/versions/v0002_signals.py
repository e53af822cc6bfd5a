"""Signals of rollout engines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "signals",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("received", sa.Double, nullable=False),
        sa.Column("phase", sa.String(12), nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("signals_at", "signals", ["model", "environment", "at"])
    op.create_index("signals_received", "signals", ["received"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("signals")
