"""Drains the inbox under leases, and the clock that puts rows into it."""

from bot.worker.attempts import Attempts, words_of
from bot.worker.clockwork import Clockwork
from bot.worker.holding import hold, holding
from bot.worker.loop import Worker
from bot.worker.running import RunningRows

__all__ = ["Attempts", "Clockwork", "RunningRows", "Worker", "hold", "holding", "words_of"]
