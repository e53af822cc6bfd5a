"""The sandbox's forge on a real port, driven from blocking test code."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.sandbox.test_github_support import World, running

T = TypeVar("T")


class BlockingWorld:
    """The world of the forge's own tests, with its coroutines run on the thread that serves it."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world, self._loop = world, loop

    def go(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@contextmanager
def blocking_world(folder: Path, **changes: Any) -> Iterator[BlockingWorld]:
    """Start the forge on a thread of its own."""
    started: threading.Event = threading.Event()
    found: list[BlockingWorld] = []
    stop = asyncio.Event()

    async def serve() -> None:
        async with running(folder, **changes) as world:
            found.append(BlockingWorld(world, asyncio.get_running_loop()))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="forge")
    thread.start()
    try:
        assert started.wait(30)
        yield found[0]
    finally:
        found[0]._loop.call_soon_threadsafe(stop.set)
        thread.join(30)
