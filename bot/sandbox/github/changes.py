"""Tells whoever watches that something changed: no polling, from any thread."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

T = TypeVar("T")
Event = dict[str, Any]


class Subscription(AsyncIterator[Event]):
    """Change events from the moment it was made; it ends when it is no longer referenced."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def push(self, event: Event) -> None:
        """Add an event, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)

    async def __anext__(self) -> Event:
        return await self._queue.get()


class Changes:
    """The list of those who watch."""

    def __init__(self) -> None:
        self._watching: weakref.WeakSet[Subscription] = weakref.WeakSet()

    def subscribe(self) -> Subscription:
        """Start to watch; call it in an event loop."""
        subscription = Subscription()
        self._watching.add(subscription)
        return subscription

    def announce(self, event: Event) -> None:
        """Tell everyone."""
        for subscription in list(self._watching):
            subscription.push(event)

    async def wait_for(self, predicate: Callable[[], T | None], limit: float) -> T:
        """The first true value of ``predicate``, looked at again after each change. Raises TimeoutError (seconds)."""
        events = self.subscribe()
        async with asyncio.timeout(limit):
            while not (found := predicate()):
                await anext(events)
        return found
