"""The bot as a process of its own, to be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

import httpx


class BotProcess:
    """`python -m bot run` with these environment variables."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = os.environ | env
        self._child: asyncio.subprocess.Process | None = None
        self.starts = 0

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        self.starts += 1
        self._child = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=self._env)
        url = f"http://127.0.0.1:{self._env['PORT']}/readyz"
        async with httpx.AsyncClient(timeout=1, trust_env=False) as http:
            while True:
                if self._child.returncode is not None:
                    raise AssertionError(f"the bot ended with {self._child.returncode} before it was ready")
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        if self._child and self._child.returncode is None:
            self._child.send_signal(signal.SIGKILL)
            await self._child.wait()

    async def stop(self) -> None:
        """SIGTERM, and wait."""
        if self._child and self._child.returncode is None:
            self._child.terminate()
            try:
                await asyncio.wait_for(self._child.wait(), 20)
            except TimeoutError:
                await self.kill()
