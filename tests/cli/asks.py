"""`slackops promote` and `slackops rollback` against the sandbox: with no bot beside them, and with nothing but Git."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.bootstrap import save_links
from bot.sandbox.hooks import Call, Phase
from bot.settings import load_settings
from tests.cli.running import ROOT, bare, slackops
from tests.scenarios.world import World, open_world
from tests.support.warm import Warm

CLOSED = "http://127.0.0.1:9"
NO_SLACK = {"SLACK_API_URL": f"{CLOSED}/"}
NO_REGISTRY = {"MLFLOW_TRACKING_URI": CLOSED, "SLACKOPS_REGISTRY_TIMEOUT": "1"}
NOTHING_BUT_GIT = NO_SLACK | NO_REGISTRY
BACK = ("rollback", "fraud-detector", "production", "--by", "ana")


@asynccontextmanager
async def no_bot(folder: Path, registry: Path | None = None) -> AsyncIterator[World]:
    """The sandbox, with accounts linked and no bot."""
    async with open_world(folder / "world", registry, bot=False) as world:
        await asyncio.to_thread(save_links, load_settings(world.env), world.sandbox.links())
        yield world


async def ask(world: World, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. It may say anything but a stack trace."""
    ended = await asyncio.to_thread(slackops, *args, cwd=world.sandbox.data_dir, env=world.env | env)
    assert "Traceback" not in ended.stderr + ended.stdout, ended.stderr
    return ended


async def told(world: World, *args: str, **env: str) -> dict[str, Any]:
    """The same with ``--json``: the object, and the exit code beside it."""
    ended = await ask(world, *args, "--json", **env)
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert sorted(found) == ["change", "decision", "message", "number", "reason", "state", "unblock", "url"]
    return {**found, "exit": ended.returncode}


class Asking:
    """The command as a process that can be listened to, and killed."""

    def __init__(self, world: World, *args: str, **env: str) -> None:
        self._world, self._args, self._env = world, args, env
        self.lines: list[str] = []

    async def start(self) -> None:
        """Start it."""
        read, write = os.pipe()
        env = bare() | self._world.env | self._env
        self.process = await asyncio.to_thread(Warm, self._args, cwd=ROOT, env=env, out=write, err=write)
        os.close(write)
        self._said = asyncio.StreamReader()
        loop, pipe = asyncio.get_running_loop(), os.fdopen(read, "rb", buffering=0)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(self._said), pipe)

    async def says(self, words: str) -> None:
        """Read on until it says these words."""
        async with asyncio.timeout(60):
            while not any(words in line for line in self.lines):
                line = await self._said.readline()
                assert line, "\n".join(["it ended without", words, *self.lines])
                self.lines.append(line.decode().rstrip())

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.ended()

    async def end(self) -> int:
        """Read to its end; the exit code."""
        async with asyncio.timeout(60):
            rest = await self._said.read()
            self.lines += rest.decode().splitlines()
            return await self.process.ended()


def is_effect(call: Call, words: str) -> bool:
    """Whether a request writes, and has these words in its name."""
    writes = call.name.startswith(("POST ", "PUT ", "PATCH ", "DELETE ", "push")) and "access_tokens" not in call.name
    return writes and call.service in ("git", "github") and words in f"{call.service} {call.name}"


class KillAt:
    """A hook that kills a process at its first effect whose name has these words."""

    def __init__(self, asking: Asking, phase: Phase, words: str) -> None:
        self._asking, self._phase, self._words = asking, phase, words
        self.killed = asyncio.Event()

    async def __call__(self, phase: Phase, call: Call) -> None:
        if phase == self._phase and not self.killed.is_set() and is_effect(call, self._words):
            await self._asking.kill()
            self.killed.set()
