"""The sandbox's MLflow, as the outside world uses it: versions are trained, aliases and tags are set, and it tells."""

from bot.sandbox.registry.registry import Registry
from bot.sandbox.registry.webhooks import Webhooks

__all__ = ["Registry", "Webhooks"]
