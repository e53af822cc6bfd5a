"""What was evaluated last, what the registry said last, the CI of commits, who subscribed to what, and which
application or alert a signal is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "evaluations",
        sa.Column("change_id", sa.String(26), primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "registry_seen",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "ci_states",
        sa.Column("repo", sa.Text, primary_key=True),
        sa.Column("branch", sa.Text, primary_key=True),
        sa.Column("failing", sa.Boolean, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "subscriptions",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("event", sa.String(20), primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.add_column("signals", sa.Column("story", sa.Text, nullable=False, server_default=""))
    op.execute(f"UPDATE signals SET story = {_told('source')} || ':' || {_told('application')}")  # noqa: S608


def _told(field: str) -> str:
    """A field of the signal, whose body is JSON."""
    postgres = op.get_bind().dialect.name == "postgresql"
    return f"(CAST(body AS json) ->> '{field}')" if postgres else f"json_extract(body, '$.{field}')"


def downgrade() -> None:
    """Drop them."""
    op.drop_column("signals", "story")
    for name in ("subscriptions", "ci_states", "registry_seen", "evaluations"):
        op.drop_table(name)
