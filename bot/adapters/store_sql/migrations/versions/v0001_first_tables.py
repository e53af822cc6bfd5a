"""The first tables: inbox, changes, links, posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    _inbox()
    _changes()
    op.create_table(
        "links",
        sa.Column("team", sa.String(40), primary_key=True),
        sa.Column("user", sa.String(40), primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("login_folded", sa.Text, nullable=False, unique=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "posts",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("mark", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("ts", sa.String(40)),
        sa.Column("fingerprint", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("posts", "links", "changes", "inbox"):
        op.drop_table(table)


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(26), nullable=False, unique=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("order_key", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("lease_until", sa.Double),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("ended_at", sa.Double),
        sa.Column("error", sa.Text),
    )
    unfinished = "state IN ('waiting', 'running')"
    _partial("inbox_unfinished", "inbox", ["state", "due_at"], unfinished)
    _partial("inbox_order", "inbox", ["order_key", "seq"], unfinished)
    running = "state = 'running' AND order_key IS NOT NULL"
    _partial("inbox_one_runs_per_order", "inbox", ["order_key"], running, unique=True)
    _partial("inbox_ended", "inbox", ["state", "ended_at"], "state IN ('done', 'dead')")


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    held = "state IN ('proposing', 'open')"
    _partial("changes_one_a_target", "changes", ["model", "environment"], held, unique=True)
    op.create_index("changes_number", "changes", ["number"])
    op.create_index("changes_state", "changes", ["state", "created_at"])


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
