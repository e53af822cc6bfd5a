"""The Registry port over MLflow."""

from bot.adapters.mlflow_registry.registry import MlflowRegistry

__all__ = ["MlflowRegistry"]
