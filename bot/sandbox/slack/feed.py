"""Change events: who waits for the workspace to change is woken by the change, never by a clock."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Subscription:
    """An endless asynchronous iterator over the changes since it was made; ``aclose`` ends it."""

    def __init__(self, feed: Feed) -> None:
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._feed = feed

    def push(self, change: dict[str, Any] | None) -> None:
        """Hand over one change; None ends the iteration."""
        self._queue.put_nowait(change)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> dict[str, Any]:
        change = await self._queue.get()
        if change is None:
            raise StopAsyncIteration
        return change

    async def aclose(self) -> None:
        """Stop listening."""
        self._feed.drop(self)
        self.push(None)


class Feed:
    """Publishes changes to every live subscription; an abandoned one is forgotten with its last reference."""

    def __init__(self) -> None:
        self._subscriptions: weakref.WeakSet[Subscription] = weakref.WeakSet()

    def publish(self, kind: str, **facts: Any) -> None:
        """Tell every subscriber; call it after the change was made."""
        for subscription in list(self._subscriptions):
            subscription.push({"kind": kind, **facts})

    def subscribe(self) -> Subscription:
        """A subscription that sees every change from this moment on."""
        subscription = Subscription(self)
        self._subscriptions.add(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Publish to it no more."""
        self._subscriptions.discard(subscription)

    def close(self) -> None:
        """End every subscription."""
        for subscription in list(self._subscriptions):
            self.drop(subscription)
            subscription.push(None)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109
        """The first truthy value of ``predicate``, asked again after each change.

        Raises TimeoutError after ``timeout`` seconds.
        """
        subscription = self.subscribe()
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await anext(subscription)
                return value
        finally:
            self.drop(subscription)
