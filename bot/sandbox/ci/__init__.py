"""The CI of the repository that trains a model."""

from bot.sandbox.ci.pipeline import JOBS, Pipeline

__all__ = ["JOBS", "Pipeline"]
