"""Fixtures that several adapter tests share."""

from __future__ import annotations

from tests.support.mlflow_store import mlflow_template

__all__ = ["mlflow_template"]
