"""Files of a folder on disk, read as they are: no link is followed, and nothing that is not a plain file is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from bot.adapters.gitrepo.content import parts_of
from bot.errors import Reason, Refused

MAX_FILES = 500_000
# Far more than any manifest may have; the engine refuses what is cut here.
MAX_BYTES = 32 * 1024 * 1024
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not be waited for


class DiskFiles:
    """The plain files under ``root``. Paths are relative to it, with slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._plain = lru_cache(maxsize=None)(self._is_folder)

    def read(self, path: str) -> bytes | None:
        """The file's bytes, cut far beyond what a manifest may have; None for what is no plain file inside."""
        try:
            descriptor = self._open(path)
        except OSError:
            return None
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MAX_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None

    def _open(self, path: str) -> int | None:
        parts = parts_of(path)
        if parts is None:
            return None
        here = os.open(self._root, _FOLDER & ~os.O_NOFOLLOW)
        for part in parts[:-1]:
            try:
                deeper = os.open(part, _FOLDER, dir_fd=here)
            finally:
                os.close(here)
            here = deeper
        try:
            return os.open(parts[-1], _FILE, dir_fd=here)
        finally:
            os.close(here)

    def plain(self, path: str) -> os.stat_result | None:
        """What the system says of a plain file inside; None for anything else."""
        parts = parts_of(path)
        if parts is None or not self._plain(path.rpartition("/")[0]):
            return None
        try:
            found = os.lstat(self._root / path)
        except OSError:
            return None
        return found if stat.S_ISREG(found.st_mode) else None

    def _is_folder(self, path: str) -> bool:
        if not path:
            return True
        try:
            mode = os.lstat(self._root / path).st_mode
        except OSError:
            return False
        return stat.S_ISDIR(mode) and self._plain(path.rpartition("/")[0])

    def walk(self) -> list[str]:
        """Every plain file, Git's own folders left out, sorted. Raises Refused for more than any repo has."""
        found: list[str] = []
        todo = [""]
        while todo:
            folder = todo.pop()
            for entry in self._entries(folder):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False) and entry.name != ".git":
                    todo.append(path)
                elif entry.is_file(follow_symlinks=False) and _is_text(entry.name):
                    found.append(path)
            if len(found) + len(todo) > MAX_FILES:
                raise too_many(self._root)
        return sorted(found)

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                yield from entries
        except OSError:
            return  # a folder that may not be read has nothing to tell

    def listed(self, paths: Sequence[str]) -> list[str]:
        """Those of the paths that are plain files now, sorted."""
        return sorted(path for path in dict.fromkeys(paths) if self.plain(path) is not None)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def too_many(root: Path) -> Refused:
    """Such a folder is no checkout."""
    return Refused(
        Reason.BAD_USAGE, f"{root} holds more than {MAX_FILES} files.", "Give the checkout of the deployment repo."
    )
