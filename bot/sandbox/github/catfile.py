"""Reads Git objects through one long-lived ``git cat-file --batch-command`` a repository."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Object:
    """A Git object: its full name, its type and its content."""

    sha: str
    kind: str
    data: bytes


class CatFile:
    """A reader that starts its process on first use and can be closed at any time."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def info(self, rev: str) -> tuple[str, str] | None:
        """(full name, type) of a revision expression, or None."""
        with self._lock:
            header = self._ask("info", rev)
            return (header[0], header[1]) if header else None

    def read(self, rev: str) -> Object | None:
        """The object that a revision expression names, or None."""
        with self._lock:
            header = self._ask("contents", rev)
            if header is None:
                return None
            data = self._stdout(int(header[2]) + 1)
            return Object(header[0], header[1], data[:-1])

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._process is None:
                return
            for stream in (self._process.stdin, self._process.stdout):
                if stream:
                    with contextlib.suppress(OSError):
                        stream.close()
            self._process.wait()
            self._process = None

    def _ask(self, command: str, rev: str) -> list[str] | None:
        if not rev or "\n" in rev or "\0" in rev:
            return None
        process = self._running()
        assert process.stdin and process.stdout
        process.stdin.write(f"{command} {rev}\n".encode())
        process.stdin.flush()
        header = process.stdout.readline().decode(errors="replace").rsplit(" ", 2)
        known = len(header) == 3 and header[2].strip().isdigit()
        return header if known else None

    def _stdout(self, size: int) -> bytes:
        assert self._process and self._process.stdout
        return self._process.stdout.read(size)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = ["git", "-C", str(self._path), "cat-file", "--batch-command"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process
