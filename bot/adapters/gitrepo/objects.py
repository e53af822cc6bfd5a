"""Objects of the mirror: read in batches through one long-lived ``git cat-file --batch``, written as loose objects."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from subprocess import Popen
from typing import IO, NamedTuple

from gitdb import IStream  # type: ignore[import-untyped]
from gitdb.db import LooseObjectDB  # type: ignore[import-untyped]

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.runner import GitRunner

# The names of one round fit into a pipe's buffer, so that Git can never wait for us while we wait for Git.
_ROUND = 256


class GitObject(NamedTuple):
    """One object: ``kind`` is commit, tree, blob or tag."""

    oid: str
    kind: str
    data: bytes


class ObjectStore:
    """Reads and writes objects. Thread-safe; the process is started when first needed, and again when it died."""

    def __init__(self, runner: GitRunner, path: Path) -> None:
        self._runner, self._loose = runner, LooseObjectDB(str(path / "objects"))
        self._lock = threading.Lock()
        self._process: Popen[bytes] | None = None

    def get(self, names: Sequence[str]) -> list[GitObject | None]:
        """The objects that these ids or full ref names stand for; None for what is not there. Raises GitFailed."""
        with self._lock:
            try:
                return self._rounds(names)
            except (OSError, ValueError):
                return self._second_try(names)

    def put(self, kind: str, data: bytes) -> str:
        """Write one object; its id."""
        stored = self._loose.store(IStream(kind.encode(), len(data), BytesIO(data)))
        return str(stored.hexsha.decode())

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _second_try(self, names: Sequence[str]) -> list[GitObject | None]:
        try:
            return self._rounds(names)
        except (OSError, ValueError) as error:
            raise GitFailed("cat-file", 128, f"not a git repository, or corrupt: {error}") from error

    def _rounds(self, names: Sequence[str]) -> list[GitObject | None]:
        process = self._process = self._process or self._runner.start("cat-file", "--batch")
        try:
            return [found for at in range(0, len(names), _ROUND) for found in _ask(process, names[at : at + _ROUND])]
        except BaseException:
            self._stop()  # an answer read by half would be taken for the next one
            raise

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):
                process.communicate()


def _ask(process: Popen[bytes], names: Sequence[str]) -> list[GitObject | None]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{name}\n" for name in names).encode())
    process.stdin.flush()
    return [_answer(process.stdout) for _ in names]


def _answer(stream: IO[bytes]) -> GitObject | None:
    header = stream.readline()
    if not header.endswith(b"\n"):
        raise OSError("git cat-file ended")
    words = header.split()
    if len(words) != 3 or not words[2].isdigit():
        return None
    size = int(words[2])
    data = stream.read(size + 1)
    if len(data) != size + 1:
        raise OSError("git cat-file ended")
    return GitObject(words[0].decode(), words[1].decode(), data[:-1])
