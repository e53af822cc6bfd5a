"""Files behind a path, a glob or a URI."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from pyarrow import fs

from bot.adapters.own_places import OwnPlaces
from bot.errors import Reason, Refused, Transient

MOST_FILES = 10_000
FINAL = (
    "ACCESS_DENIED",
    "AccessDenied",
    "Forbidden",
    "NO_SUCH_BUCKET",
    "NoSuchBucket",
    "INVALID_ACCESS_KEY",
    "credential",
)
"""What a store says that asking again does not mend."""
_WILD = frozenset("*?[")
_QUOTED = re.compile(r"(\bgot \d+\b|\binvalid value\b).*", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """One file, on the file system that it was found on."""

    system: Any
    path: str
    tag: str

    def open(self) -> Any:
        """For reading, at any place. Raises OSError."""
        return self.system.open_input_file(self.path)

    def stream(self) -> Any:
        """For reading from the beginning, unpacked where the name ends in `.gz`, `.bz2` or `.zst`. Raises OSError."""
        return self.system.open_input_stream(self.path)


def find(path: str, own: OwnPlaces) -> list[Place]:
    """The files, by name; none of ``own``. Raises Refused(DATA_UNREADABLE) where there are none, Transient."""
    local = path.removeprefix("file://")
    with reading(path):
        found = _remote(path) if "://" in local else _local(local, own)
    if not found or len(found) > MOST_FILES:
        raise _unreadable(path, "there is no such file" if not found else f"there are more than {MOST_FILES:,} files")
    return sorted(found, key=lambda one: one.path)


def identity(places: list[Place]) -> str:
    """Changes when a file does, by its size and the time of its last change."""
    return hashlib.sha256("\n".join(f"{one.path}\t{one.tag}" for one in places).encode()).hexdigest()


@contextmanager
def reading(path: str) -> Iterator[None]:
    """What goes wrong with files, in our words: a store that does not answer is tried again, all else is refused."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise _unreadable(path, type(error).__name__) from error
    except OSError as error:
        if "://" in path and not any(word in str(error) for word in FINAL):
            raise Transient(f"`{path}` could not be read: {type(error).__name__}") from error
        raise _unreadable(path, _first_line(error)) from error
    except (pa.ArrowException, ValueError, UnicodeError) as error:
        raise _unreadable(path, _first_line(error)) from error


def _local(path: str, own: OwnPlaces) -> list[Place]:
    system = fs.LocalFileSystem()
    wild = _WILD & set(path)
    names = [Path(name) for name in glob.glob(path, recursive=True)] if wild else [Path(path)]  # noqa: PTH207  (absolute ones too)
    files = [name for given in names for name in (sorted(given.iterdir()) if given.is_dir() else [given])]
    there = [name for name in files if name.is_file()]
    for name in there:  # each of them may be a link to anywhere
        own.require_data(name)
    return [_place(system, system.get_file_info(str(name))) for name in there]


def _remote(path: str) -> list[Place]:
    scheme, _, rest = path.partition("://")
    parts = PurePosixPath(rest).parts
    fixed = next((number for number, part in enumerate(parts) if _WILD & set(part)), len(parts))
    system, base = fs.FileSystem.from_uri(f"{scheme}://{'/'.join(parts[:fixed])}")
    info = system.get_file_info(base)
    if info.type == fs.FileType.File:
        return [_place(system, info)]
    inside = system.get_file_info(fs.FileSelector(base, recursive=True, allow_not_found=True))
    pattern = "/".join((base.rstrip("/"), *parts[fixed:])) if fixed < len(parts) else "*"
    files = (one for one in inside if one.type == fs.FileType.File)
    return [_place(system, one) for one in files if fnmatchcase(one.path, pattern)]


def _place(system: Any, info: Any) -> Place:
    return Place(system, info.path, f"{info.size} {info.mtime_ns}")


def _first_line(error: Exception) -> str:
    """Without the row or the value that Arrow quotes: it is data, and this is shown in a channel."""
    return _QUOTED.sub(r"\1", next(iter(str(error).splitlines()), type(error).__name__))[:200]


def _unreadable(path: str, why: str) -> Refused:
    return Refused(
        Reason.DATA_UNREADABLE,
        f"`{path}` cannot be read: {why}.",
        "Check the path in the policy's `drift.runs`, the file, and that the bot may read it.",
    )
