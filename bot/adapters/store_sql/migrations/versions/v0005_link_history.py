"""For whom an account ever stood: unlinking does not make two humans of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEPT = 'team, "user", account, login_folded'


def upgrade() -> None:
    """What is linked now is the beginning of it."""
    op.create_table(
        "link_history",
        sa.Column("team", sa.String(40), primary_key=True),
        sa.Column("user", sa.String(40), primary_key=True),
        sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("login_folded", sa.Text, primary_key=True),
    )
    op.create_index("link_history_account", "link_history", ["account"])
    op.create_index("link_history_login", "link_history", ["login_folded"])
    op.execute(
        f"INSERT INTO link_history ({_KEPT}) SELECT {_KEPT} FROM links WHERE confirmed"  # noqa: S608
    )


def downgrade() -> None:
    """Only what is linked now is known."""
    op.drop_table("link_history")
