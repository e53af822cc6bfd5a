"""`slackops` as a process of its own, started quickly: forked from one that has everything imported already."""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.support.warm_server import HEADER

ROOT = Path(__file__).parents[2]
_lock = threading.Lock()


@functools.cache
def _start() -> str:
    folder = tempfile.TemporaryDirectory(prefix="warm-")
    path = f"{folder.name}/socket"
    command = [sys.executable, "-m", "tests.support.warm_server", path]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout
    assert server.stdin
    assert server.stdout.readline() == b"ready\n", "the server of warm processes did not start"
    atexit.register(folder.cleanup)
    atexit.register(server.stdin.close)
    return path


def _server() -> str:
    """The socket of this test process's server, started when it is first asked for."""
    with _lock:
        return _start()


class Warm:
    """One process. ``out`` and ``err`` are file descriptors that it writes to; they may be closed here afterwards."""

    def __init__(self, args: tuple[str, ...], *, cwd: Path, env: Mapping[str, str], out: int, err: int) -> None:
        self._asker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._asker.connect(_server())
        told = json.dumps({"args": args, "cwd": str(cwd), "env": dict(env)}).encode()
        socket.send_fds(self._asker, [len(told).to_bytes(HEADER, "big")], [out, err])
        self._asker.sendall(told)
        self._answers = self._asker.makefile()
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None
        self._ended = threading.Lock()

    def send_signal(self, number: int) -> None:
        """As ``Popen.send_signal``; nothing happens when it has ended."""
        if self.returncode is None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return

    def wait(self) -> int:
        """Its exit code: negative for a signal."""
        with self._ended:
            if self.returncode is None:
                self.returncode = int(self._answers.readline())
                self._answers.close()
                self._asker.close()
            return self.returncode

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None:
            try:
                ended = self._asker.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            return self.wait() if ended else None
        return self.returncode

    async def ended(self) -> int:
        """``wait`` for an event loop."""
        return await asyncio.to_thread(self.wait)


def run_warm(*args: str, cwd: Path, env: Mapping[str, str], timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run `slackops` to its end and keep what it says, as ``subprocess.run`` does."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = Warm(args, cwd=cwd, env=env, out=out.fileno(), err=err.fileno())
        late = threading.Timer(timeout, lambda: child.send_signal(signal.SIGKILL))
        late.start()
        code = child.wait()
        late.cancel()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(list(args), code, out.read().decode(), err.read().decode())
