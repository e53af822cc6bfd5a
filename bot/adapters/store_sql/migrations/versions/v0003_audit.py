"""The audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("change_id", sa.String(26)),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("audit_model", "audit", ["model", "seq"])
    op.create_index("audit_change", "audit", ["change_id", "seq"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("audit")
