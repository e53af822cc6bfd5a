"""The CI of the repository that trains a model."""

from bot.sandbox.ci.pipeline import JOBS, Pipeline
from bot.sandbox.ci.trainings import Trainings

__all__ = ["JOBS", "Pipeline", "Trainings"]
