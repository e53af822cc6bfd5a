"""Linked accounts by their number, starts of links, tokens that are to be revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBERED = sa.text("account <> 0")
_KEPT = 'team, "user", login, login_folded, sealed'


def upgrade() -> None:
    """A name may change hands, a number cannot: so the number is unique. SQLite can only do that by a new table."""
    op.create_table(
        "links_new",
        *_person(),
        *_account(),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("dead", sa.Boolean, nullable=False),
        sa.Column("member", sa.Boolean, nullable=False),
        sa.Column("lease", sa.String(64)),
        sa.Column("lease_until", sa.Double),
    )
    op.execute(
        f"INSERT INTO links_new ({_KEPT}, account, confirmed, dead, member) "  # noqa: S608
        f"SELECT {_KEPT}, 0, true, false, false FROM links"
    )
    op.drop_table("links")
    op.rename_table("links_new", "links")
    op.create_index(
        "links_account", "links", ["account"], unique=True, sqlite_where=_NUMBERED, postgresql_where=_NUMBERED
    )
    op.create_index("links_login", "links", ["login_folded"])
    op.create_table("link_revocations", sa.Column("id", sa.String(64), primary_key=True), *_whose(), *_account())
    op.create_table(
        "link_starts",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_index("link_starts_state", "link_starts", ["state"])


def downgrade() -> None:
    """Back to names alone."""
    op.drop_table("link_starts")
    op.drop_table("link_revocations")
    op.create_table(
        "links_old",
        *_person(),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("login_folded", sa.Text, nullable=False, unique=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.execute(f"INSERT INTO links_old ({_KEPT}) SELECT {_KEPT} FROM links WHERE confirmed")  # noqa: S608
    op.drop_table("links")
    op.rename_table("links_old", "links")


def _person() -> list[sa.Column[str]]:
    return [sa.Column("team", sa.String(40), primary_key=True), sa.Column("user", sa.String(40), primary_key=True)]


def _whose() -> list[sa.Column[str]]:
    return [sa.Column("team", sa.String(40), nullable=False), sa.Column("user", sa.String(40), nullable=False)]


def _account() -> list[sa.Column[object]]:
    return [
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("login_folded", sa.Text, nullable=False),
        sa.Column("account", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    ]
