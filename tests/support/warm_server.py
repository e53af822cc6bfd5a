"""A process that has the bot imported already and forks one for whoever asks: the child runs `slackops` as ever.

What a test starts and kills is a process of its own all the same; only the second that Python takes to import
everything is spent once instead of at every start. Run as `python -m tests.support.warm_server SOCKET`; it ends with
its standard input.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
from typing import Any, NoReturn

HEADER = 8
LATE = (
    "anyio._backends._asyncio",
    "github",
    "mlflow.tracing.processor.base_mlflow",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "mlflow.tracking",
    "mlflow.artifacts",
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
    "PIL.ImageDraw",
    "PIL.ImageFont",
)
"""What a bot imports when it first needs it: seconds of every start in a test that kills it again and again."""
LEFT_OUT = ("bot.sandbox", "bot.__main__", "bot.adapters.store_sql.migrations")


def preload() -> None:
    """Import what a bot imports, sooner or later."""
    import bot

    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if not found.name.startswith(LEFT_OUT):
            importlib.import_module(found.name)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    for name in LATE:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # else the first collection of each child touches, and so copies, all of this


class Forker:
    """Takes arguments, environment, folder and two streams; answers with the process id, later with its exit code."""

    def __init__(self, path: str) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen(64)
        self._children: dict[int, socket.socket] = {}
        self._woken, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        self._select = selectors.DefaultSelector()

    def run(self) -> None:
        """Until standard input ends."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        for stream in (self._listener, self._woken, sys.stdin):
            self._select.register(stream, selectors.EVENT_READ)
        print("ready", flush=True)
        while True:
            for key, _ in self._select.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is self._listener:
                    self._take(self._listener.accept()[0])
                else:
                    self._woken.recv(4096)
            self._reap()

    def _take(self, asker: socket.socket) -> None:
        head, streams, _, _ = socket.recv_fds(asker, HEADER, 2)
        size, told = int.from_bytes(head, "big"), b""
        while len(told) < size and (more := asker.recv(size - len(told))):
            told += more
        child = os.fork()
        if child == 0:
            self._become(json.loads(told), streams, asker)
        for stream in streams:
            os.close(stream)
        self._children[child] = asker
        asker.sendall(f"{child}\n".encode())

    def _become(self, told: dict[str, Any], streams: list[int], asker: socket.socket) -> NoReturn:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (asker, self._listener, self._woken, self._wakes, *self._children.values()):
            one.close()
        self._select.close()
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (streams[0], 1), (streams[1], 2)):
            os.dup2(source, target)
        for stream in streams:
            os.close(stream)
        os.chdir(told["cwd"])
        os.environ.clear()
        os.environ.update(told["env"])
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  (it is a text stream)
        sys.argv = ["slackops", *told["args"]]
        os._exit(_run())

    def _reap(self) -> None:
        while self._children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            asker = self._children.pop(child)
            with asker:
                try:
                    asker.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
                except OSError:
                    continue  # whoever asked is gone


def _run() -> int:
    from bot.cli import main

    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    if isinstance(code, str):
        print(code, file=sys.stderr, flush=True)
    return code if isinstance(code, int) else 0 if code is None else 1


if __name__ == "__main__":
    preload()
    Forker(sys.argv[1]).run()
