"""Server-Sent Events: the services' change streams as one.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping

from bot.sandbox.page.ports import Json

Subscribe = Callable[[], AsyncIterator[Json]]
BEAT = 15.0
QUEUE = 256


async def merged(sources: Mapping[str, Subscribe], stopping: asyncio.Event, beat: float = BEAT) -> AsyncIterator[str]:
    """The events of all ``sources`` as SSE text, until ``stopping`` is set.

    The first event is ``ready``: every subscription stands by then, so a client that fetches after it misses nothing.
    ``beat`` is the longest silence in seconds; a client too slow for the queue gets one ``reload`` for what it missed.
    """
    queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
    tasks = [asyncio.create_task(_pump(name, subscribe, queue)) for name, subscribe in sources.items()]
    tasks.append(asyncio.create_task(_end(stopping, queue)))
    try:
        await asyncio.sleep(0)  # each pump runs up to its subscription
        yield "retry: 500\n" + frame("ready", {})
        while True:
            yield await _next(queue, beat)
            if stopping.is_set():
                return
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def frame(source: str, body: Json) -> str:
    """One SSE frame of the type ``change``."""
    return f"event: change\ndata: {json.dumps({**body, 'source': source}, default=str)}\n\n"


async def _next(queue: asyncio.Queue[str], beat: float) -> str:
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(queue.get(), beat)
    return ": still here\n\n"


async def _pump(name: str, subscribe: Subscribe, queue: asyncio.Queue[str]) -> None:
    async for event in subscribe():
        if queue.full():
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(frame("reload", {}))
        queue.put_nowait(frame(name, event))


async def _end(stopping: asyncio.Event, queue: asyncio.Queue[str]) -> None:
    await stopping.wait()
    await queue.put(frame("bye", {}))
