"""The tables. Times are seconds since the epoch, as ``Clock`` tells them; ids are ULIDs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, MetaData, String, Table, Text, text
from sqlalchemy.dialects import sqlite

metadata = MetaData()

WAITING, RUNNING, DONE, DEAD = "waiting", "running", "done", "dead"
_UNFINISHED = text("state IN ('waiting', 'running')")
_ENDED = text("state IN ('done', 'dead')")
_HOLDS_THE_ORDER = text("state = 'running' AND order_key IS NOT NULL")
_HOLDS_THE_TARGET = text("state IN ('proposing', 'open')")


def _where(condition: Any) -> dict[str, Any]:
    """A partial index means the same in both dialects, but is spelled once for each."""
    return {"sqlite_where": condition, "postgresql_where": condition}


inbox = Table(
    "inbox",
    metadata,
    # The order of arrival. SQLite numbers rows by itself only when the column is a plain INTEGER.
    Column("seq", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True, autoincrement=True),
    Column("id", String(26), nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("order_key", Text),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", Double),
    Column("due_at", Double, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("error", Text),
    Index("inbox_unfinished", "state", "due_at", **_where(_UNFINISHED)),
    Index("inbox_order", "order_key", "seq", **_where(_UNFINISHED)),
    Index("inbox_one_runs_per_order", "order_key", unique=True, **_where(_HOLDS_THE_ORDER)),
    Index("inbox_ended", "state", "ended_at", **_where(_ENDED)),
)

changes = Table(
    "changes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("model", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("number", Integer),
    Column("created_at", Double, nullable=False),
    Column("body", Text, nullable=False),
    Index("changes_one_a_target", "model", "environment", unique=True, **_where(_HOLDS_THE_TARGET)),
    Index("changes_number", "number"),
    Index("changes_state", "state", "created_at"),
)

links = Table(
    "links",
    metadata,
    Column("team", String(40), primary_key=True),
    Column("user", String(40), primary_key=True),
    Column("login", Text, nullable=False),
    Column("login_folded", Text, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("member", Boolean, nullable=False),
    Column("lease", String(64)),
    Column("lease_until", Double),
    Index("links_account", "account", unique=True, **_where(text("account <> 0"))),
    Index("links_login", "login_folded"),
)

link_history = Table(  # for whom an account ever stood: rows are only added
    "link_history",
    metadata,
    Column("team", String(40), primary_key=True),
    Column("user", String(40), primary_key=True),
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("login_folded", Text, primary_key=True),
    Index("link_history_account", "account"),
    Index("link_history_login", "login_folded"),
)

link_revocations = Table(
    "link_revocations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("team", String(40), nullable=False),
    Column("user", String(40), nullable=False),
    Column("login", Text, nullable=False),
    Column("login_folded", Text, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("sealed", Text, nullable=False),
)

link_starts = Table(
    "link_starts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("stage", String(12), nullable=False),
    Column("state", String(64), nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("sealed", Text, nullable=False),
    Index("link_starts_state", "state"),
)

posts = Table(
    "posts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("ts", String(40)),
    Column("fingerprint", Text, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    Column("model", Text, primary_key=True),
    Column("environment", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("received", Double, nullable=False),
    Column("phase", String(12), nullable=False),
    Column("version", Text),
    Column("body", Text, nullable=False),
    Column("story", Text, nullable=False, server_default=""),
    Index("signals_at", "model", "environment", "at"),
    Index("signals_received", "received"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("at", Double, nullable=False),
    Column("what", String(40), nullable=False),
    Column("model", Text),
    Column("change_id", String(26)),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("audit_model", "model", "seq"),
    Index("audit_change", "change_id", "seq"),
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("change_id", String(26), primary_key=True),
    Column("at", Double, nullable=False),
    Column("body", Text, nullable=False),
)

registry_seen = Table(
    "registry_seen",
    metadata,
    Column("model", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("body", Text, nullable=False),
)

ci_states = Table(
    "ci_states",
    metadata,
    Column("repo", Text, primary_key=True),
    Column("branch", Text, primary_key=True),
    Column("failing", Boolean, nullable=False),
    Column("at", Double, nullable=False),
    Column("body", Text, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("event", String(20), primary_key=True),
    Column("at", Double, nullable=False),
    Column("by", Text, nullable=False),
)
