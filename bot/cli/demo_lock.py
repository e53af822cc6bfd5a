"""One demo at a time on one folder of data: a second one would share the database, the forge and the bot's tokens."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import Fatal


@contextlib.contextmanager
def only_one(lock: Path, url: str) -> Iterator[None]:
    """Hold the lock file; ``url`` is told to whoever comes second. Raises Fatal when another process holds it.

    The system lets go of it when the process ends, however it ends.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read().strip() or "it has only just been started"
            raise Fatal(f"A demo is running in this folder already: {who}. Use it, or stop it first.") from None
        file.truncate(0)
        file.write(f"{url} (process {os.getpid()})")
        file.flush()
        yield
