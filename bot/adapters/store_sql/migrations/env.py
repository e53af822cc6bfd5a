"""Alembic's environment: migrations run on the connection that ``migrate`` holds the lock with."""

from __future__ import annotations

from alembic import context

from bot.adapters.store_sql import schema_drift  # noqa: F401  (its tables are part of the metadata)
from bot.adapters.store_sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
