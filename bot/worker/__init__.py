"""Drains the inbox under leases, and the clock that puts rows into it."""

from bot.worker.clockwork import Clockwork
from bot.worker.loop import Worker

__all__ = ["Clockwork", "Worker"]
