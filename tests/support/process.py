"""The bot as a process of its own, to be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import httpx

from tests.support.warm import Warm


class BotProcess:
    """`python -m bot run` with these environment variables."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = os.environ | env
        self._child: Warm | None = None
        self.starts = 0

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        self.starts += 1
        self._child = await asyncio.to_thread(Warm, ("run",), cwd=Path.cwd(), env=self._env, out=1, err=2)
        url = f"http://127.0.0.1:{self._env['PORT']}/readyz"
        async with httpx.AsyncClient(timeout=1, trust_env=False) as http:
            while True:
                if (ended := self._child.poll()) is not None:
                    raise AssertionError(f"the bot ended with {ended} before it was ready")
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.05)

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(signal.SIGKILL)
            await self._child.ended()

    async def stop(self) -> None:
        """SIGTERM, and wait."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._child.ended(), 20)
            except TimeoutError:
                await self.kill()
