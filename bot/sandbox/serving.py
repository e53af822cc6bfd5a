"""Serves an ASGI app on a loopback socket that is bound first, so that its port is known before anything is built."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
GRACE = 2  # seconds that open requests get at the end


class PortInUse(RuntimeError):  # noqa: N818  (told to the person who starts it)
    """Something else listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is in use by another program.")
        self.port = port


def bind(port: int) -> socket.socket:
    """A bound socket on 127.0.0.1; port 0 lets the system choose. Raises PortInUse."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port) from None
        raise
    return sock


class Reserved:
    """A free port that stays free for whoever listens on it later with SO_REUSEADDR: a socket that is bound and does
    not listen keeps it from everybody else. Only Linux lets another bind beside it; elsewhere it is let go at once."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, 0))
        self.port = int(self._socket.getsockname()[1])
        if sys.platform != "linux":
            self.release()

    def release(self) -> None:
        """Keep it no longer."""
        self._socket.close()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


class Server(uvicorn.Server):
    """uvicorn inside somebody else's event loop: signals are left alone, and ``ready`` says that it answers."""

    def __init__(self, app: ASGIApp, sock: socket.socket) -> None:
        options = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=GRACE, server_header=False
        )
        super().__init__(options)
        self._socket = sock
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C belongs to whoever runs the loop."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._ready.set()

    async def start(self) -> None:
        """Return when it answers."""
        self._task = asyncio.create_task(self.serve([self._socket]))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()
            raise RuntimeError("the server ended before it answered")

    async def stop(self) -> None:
        """Close; what is still open after the grace is cut off."""
        self.should_exit = True
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)
        self._socket.close()
