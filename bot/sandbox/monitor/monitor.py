"""The monitor of production: it looks at one window of traffic at a time, when somebody on the page lets it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.monitor import traffic
from bot.sandbox.monitor.alerts import latency
from bot.sandbox.monitor.clock import next_end
from bot.sandbox.monitor.evidently import report
from bot.sandbox.monitor.posting import Poster, Target
from bot.sandbox.monitor.shapes import shapes
from bot.sandbox.monitor.traffic import CONDITIONS, FIGURES, Condition
from bot.sandbox.state import State

__all__ = ["Monitor", "Target"]
Doc = dict[str, Any]
ENVIRONMENT, SHOWN = "production", 24
SLOW_MS = 870
TO_OPEN, TO_CLOSE = 2, 3
"""So many windows open an incident, and close it, by the policy's default."""
_WINDOWS, _ALERTS = "monitor:windows", "monitor:alerts"


class Monitor:
    """``version`` tells what serves a model there, "" where that is not known; ``now`` is its clock."""

    def __init__(
        self,
        state: State,
        target: Target,
        version: Callable[[str, str], str] = lambda _model, _environment: "",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._state, self._post, self._version, self._now = state, Poster(target), version, now
        self._lock = asyncio.Lock()
        self._watching: set[asyncio.Queue[Doc]] = set()

    def status(self) -> list[Doc]:
        """Each model that is watched: its newest windows, the oldest first, and whether its latency alert fires."""
        return [
            {"model": model, "windows": self._sent(model), "alert": self._state.get(_ALERTS, model) is not None}
            for model in FIGURES
        ]

    async def send(self, model: str, condition: Condition, count: int = 1) -> None:
        """Look at the next windows of a model, in this condition. Raises LookupError, ValueError."""
        if model not in FIGURES:
            raise LookupError(f"Nobody watches {model}.")
        if condition not in CONDITIONS:
            raise ValueError(f"Traffic can be {', '.join(CONDITIONS)}; not {condition}.")
        async with self._lock:
            for _ in range(count):
                await self._send(model, condition)

    async def storm(self) -> None:
        """A service upstream forgets the country, for all models at once. Raises ValueError."""
        for model in FIGURES:
            await self.send(model, "no_country", TO_OPEN)

    async def recover(self) -> None:
        """All is as it was: normal windows of whatever did not have them last, and no alert any more."""
        for model in FIGURES:
            newest = [one["condition"] for one in self._sent(model)[-TO_CLOSE:]]
            if any(condition != "normal" for condition in newest):
                await self.send(model, "normal", TO_CLOSE)
            await self.calm(model)

    async def alert(self, model: str) -> None:
        """Requests to it take too long. Raises LookupError, ValueError."""
        if model not in FIGURES:
            raise LookupError(f"Nobody watches {model}.")
        async with self._lock:
            began = str(self._state.get(_ALERTS, model) or _rfc(self._now()))
            await self._post.alert(latency(model, ENVIRONMENT, SLOW_MS, began))
            self._state.put(_ALERTS, model, began)
        self._tell(model)

    async def calm(self, model: str) -> None:
        """They do no more; nothing where they did not. Raises ValueError."""
        async with self._lock:
            began = self._state.get(_ALERTS, model)
            if began is None:
                return
            await self._post.alert(latency(model, ENVIRONMENT, SLOW_MS, str(began), _rfc(self._now())))
            self._state.delete(_ALERTS, model)
        self._tell(model)

    async def subscribe(self) -> AsyncIterator[Doc]:
        """A small event after every window and alert."""
        queue: asyncio.Queue[Doc] = asyncio.Queue()
        self._watching.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._watching.discard(queue)

    async def _send(self, model: str, condition: Condition) -> None:
        sent = self._sent(model)
        number = (sent[-1]["number"] if sent else 0) + 1
        end = next_end(sent[-1]["end"] if sent else 0.0, self._now())
        found, told = await asyncio.to_thread(_found, model, condition, number)
        about = {"model": model, "environment": ENVIRONMENT, "monitor": "production", "at": _rfc(end)}
        version = self._version(model, ENVIRONMENT)
        await self._post.report(found, told, **about, **({"version": version} if version else {}))
        one = {"number": number, "condition": condition, "end": end, "sent": _rfc(self._now())}
        self._state.put(_WINDOWS, model, [*sent, one][-SHOWN:])
        self._tell(model)

    def _sent(self, model: str) -> list[Doc]:
        return list(self._state.get(_WINDOWS, model) or [])

    def _tell(self, model: str) -> None:
        for queue in self._watching:
            queue.put_nowait({"type": "monitor", "model": model})


def _found(model: str, condition: Condition, number: int) -> tuple[Doc, list[Doc]]:
    """The report, and how its worst features are distributed."""
    reference, current = traffic.reference(model), traffic.window(model, condition, number)
    found = report(reference, current)
    return found, shapes(found, reference, current)


def _rfc(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
