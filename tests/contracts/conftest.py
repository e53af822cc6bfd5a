"""Fixtures that several contract suites share."""

from __future__ import annotations

from tests.support.store import database, postgres_url, sqlite_template

__all__ = ["database", "postgres_url", "sqlite_template"]
