"""The ASGI app: guard, Slack, webhooks, health, metrics."""

from bot.web.app import asgi
from bot.web.metrics import Metrics

__all__ = ["Metrics", "asgi"]
