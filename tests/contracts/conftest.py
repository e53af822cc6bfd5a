"""Fixtures that several contract suites share."""

from __future__ import annotations

from tests.support.mlflow_store import mlflow_template
from tests.support.store import database, postgres_url, sqlite_template

__all__ = ["database", "mlflow_template", "postgres_url", "sqlite_template"]
