"""What may be said after the ack has left: answers that Slack's three seconds must not wait for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any


class Later:
    """Runs calls beside the request, and keeps hold of them until they end; a failure is logged, never raised."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, call: Awaitable[Any]) -> None:
        """Start it now, on the running loop."""
        task = asyncio.create_task(self._quietly(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _quietly(self, call: Awaitable[Any]) -> None:
        try:
            await call
        except Exception as error:  # noqa: BLE001  (nothing that was promised depends on it)
            logging.getLogger("handlers").warning("an answer was not said: %s", error)
