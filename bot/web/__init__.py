"""The ASGI app: guard, Slack, webhooks, health, metrics."""

from bot.web.app import asgi
from bot.web.metrics import Metrics
from bot.web.tuning import tune_for_latency

__all__ = ["Metrics", "asgi", "tune_for_latency"]
