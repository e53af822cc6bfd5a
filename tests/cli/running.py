"""The `slackops` command as a process of its own, and what it says."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.support.warm import run_warm

PATIENCE = 60.0
ROOT = Path(__file__).parents[2]


def slackops(*args: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return run_warm(*args, cwd=cwd, env=bare() | dict(env or {}), timeout=PATIENCE)


def bare() -> dict[str, str]:
    """This process's environment without anything that would configure a bot."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "NO_PROXY", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Demo:
    """`slackops demo`, running in a folder. ``lines`` is what it has said so far."""

    def __init__(self, folder: Path, *args: str, **env: str) -> None:
        self.port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=PATIENCE)
        self.lines: list[str] = []
        self._heard = threading.Condition()
        command = [sys.executable, "-m", "bot", "demo", "--port", str(self.port), *args]
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=folder, env=bare() | env, start_new_session=True, **streams)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._heard:
                self.lines.append(line.rstrip())
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()

    def says(self, words: str, times: int = 1) -> list[str]:
        """Wait until it has said these words so often; the lines with them."""

        def found() -> list[str]:
            return [line for line in self.lines if words in line]

        with self._heard:
            self._heard.wait_for(lambda: len(found()) >= times or not self._reader.is_alive(), PATIENCE)
        assert len(found()) >= times, "\n".join([f"waited for {words!r}; it said:", *self.lines])
        return found()

    @property
    def bot(self) -> int:
        """The process id of the bot that was started last."""
        (number,) = re.findall(r"process (\d+)", self.says("Starting the bot")[-1])
        return int(number)

    def state(self) -> Any:
        """What the page shows."""
        return self.http.get("/page/api/state", params={"channel": "C0PROD"}).json()

    def act(self, name: str, **fields: str) -> Any:
        """Do what Ana does on the page."""
        return self.http.post(f"/page/api/{name}", json={"viewer": "U0ANA", **fields}).raise_for_status().json()

    def until(self, look: Callable[[Any], Any]) -> Any:
        """Look at the page after each of its events, until there is something to see."""
        deadline = time.monotonic() + PATIENCE
        with self.http.stream("GET", "/page/api/events") as events:
            for line in events.iter_lines():
                if line.startswith("data:") and (seen := look(self.state())):
                    return seen
                assert time.monotonic() < deadline, self.state()
        raise AssertionError("the page ended")

    def stop(self, number: int = signal.SIGINT) -> int:
        """Signal it, and it alone. Its exit code; raises when a child outlives it, for that holds the pipe open."""
        self.process.send_signal(number)
        code = self.process.wait(15)
        self._reader.join(5)
        assert not self._reader.is_alive(), "a child is left behind"
        self.http.close()
        return code

    def end(self) -> None:
        """See to it that nothing is left of it."""
        if self.process.poll() is None:
            self.stop()
