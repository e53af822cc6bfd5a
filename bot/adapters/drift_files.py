"""Reports in directories and object stores: a path by pathlib, a URI by Arrow's file systems, which come late.

Credentials of a store are found by Arrow itself, where its vendor's tools look for them
(https://arrow.apache.org/docs/python/filesystems.html).
"""

from __future__ import annotations

import heapq
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.adapters.own_places import OwnPlaces
from bot.domain.drifting.templates import fixed_part, has_wildcard, matches
from bot.errors import Reason, Refused, Transient
from bot.ports import DriftFile

MOST_LISTED = 100_000
_LOCAL, _STORES = "file", ("s3", "gs")
_NO = (
    "ACCESS_DENIED",
    "AccessDenied",
    "Forbidden",
    "NO_SUCH_BUCKET",
    "NoSuchBucket",
    "INVALID_ACCESS_KEY",
    "credential",
)
"""What a store says that asking again does not mend."""


@dataclass(frozen=True)
class _Place:
    """``begin`` is what a name begins with that leads there, such as `s3://`; ``path`` is without it."""

    begin: str
    path: str
    scheme: str


class StoredFiles:
    """The DriftFiles port. ``own``: what no policy may have the bot read."""

    def __init__(self, own: OwnPlaces | None = None) -> None:
        self._own = own or OwnPlaces()

    def list(self, place: str, since: float = 0.0) -> Iterator[DriftFile]:
        """As the port says. Raises Refused(DATA_UNREADABLE) of more than MOST_LISTED new files too."""
        where = _place(place)
        with _named(place):
            self._require_data(where, fixed_part(where.path))
            found = _LISTING[where.scheme](where)
            new = heapq.nsmallest(MOST_LISTED + 1, _matching(place, found, since), key=_age)
        if len(new) > MOST_LISTED:
            raise _unreadable(f"{place} has more than {MOST_LISTED} new files", "Narrow the path, or tidy up there.")
        return iter(new)

    def read(self, file: DriftFile, most: int) -> bytes:
        """As the port says."""
        where = _place(file.path)
        with _named(file.path):
            self._require_data(where, where.path)  # a file may be a link to anywhere
            with _open(where) as opened:
                content = bytes(opened.read(most + 1))
        if len(content) > most:
            raise _unreadable(f"{file.path} has more than {most} bytes", "Leave samples and plots out of the report.")
        return content

    def _require_data(self, where: _Place, path: str) -> None:
        if where.scheme == _LOCAL:
            self._own.require_data(path)


def _place(text: str) -> _Place:
    scheme, apart, path = text.partition("://")
    return _Place(f"{scheme}://", path, scheme) if apart else _Place("", text, _LOCAL)


def _matching(place: str, found: Iterator[DriftFile], since: float) -> Iterator[DriftFile]:
    return (one for one in found if one.modified >= since and matches(place, one.path))


def _age(file: DriftFile) -> tuple[float, str]:
    return file.modified, file.path


def _local(where: _Place) -> Iterator[DriftFile]:
    """Regular files only: to open a pipe would wait for whoever writes into it."""
    root = Path(fixed_part(where.path))
    root.stat()  # raises where it is not there: a path that leads nowhere is told, and not quiet for ever
    front, rest = _parted(where.path, is_folder=root.is_dir())
    for path in root.glob(rest) if rest else (root,):
        try:
            status = path.stat()
        except OSError:  # it was taken away meanwhile
            continue
        if stat.S_ISREG(status.st_mode):
            name = front + path.relative_to(root).as_posix() if rest else where.path
            yield _file(where.begin + name, status.st_mtime_ns, status.st_size)


def _parted(path: str, *, is_folder: bool) -> tuple[str, str]:
    """What stands in front of the glob, as it was written, and the glob by pathlib's rules; a folder: the files in
    it."""
    base = fixed_part(path)
    rest = "" if base == path else path.removeprefix(base).lstrip("/") if path.startswith(base) else path
    if not rest:
        return path.rstrip("/") + "/", "*" if is_folder else ""
    return path[: len(path) - len(rest)], rest.replace("[", "[[]") + "/*" * rest.endswith("**")


def _stored(where: _Place) -> Iterator[DriftFile]:
    from pyarrow.fs import FileSelector, FileType

    base = fixed_part(where.path)
    system = _system(where.scheme, base.partition("/")[0])
    deep = has_wildcard(where.path) or "*" in where.path
    own = system.get_file_info(base)
    infos = [own] if own.type == FileType.File else system.get_file_info(FileSelector(base, recursive=deep))
    for info in infos:
        if info.type == FileType.File:
            yield _file(where.begin + info.path, info.mtime_ns or 0, info.size or 0)


_LISTING: dict[str, Callable[[_Place], Iterator[DriftFile]]] = {_LOCAL: _local, **dict.fromkeys(_STORES, _stored)}


def _file(path: str, nanoseconds: int, size: int) -> DriftFile:
    return DriftFile(path, f"{nanoseconds}-{size}", nanoseconds / 1e9, size)


def _open(where: _Place) -> Any:
    if where.scheme == _LOCAL:
        return Path(where.path).open("rb")
    return _system(where.scheme, where.path.partition("/")[0]).open_input_stream(where.path)


@lru_cache(maxsize=100)
def _system(scheme: str, bucket: str) -> Any:
    from pyarrow.fs import FileSystem

    return FileSystem.from_uri(f"{scheme}://{bucket}")[0]


@contextmanager
def _named(place: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        how = "Install the extra `drift`, or use a directory."
        raise Refused(Reason.NOT_SUPPORTED, f"{place} needs Arrow, which is not installed.", how) from None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise _unreadable(f"{place} cannot be read: {error.strerror or 'there is nothing there'}") from None
    except (OSError, ValueError) as error:
        words = (str(error).splitlines() or [""])[0][:200]
        if isinstance(error, ValueError) or any(mark in str(error) for mark in _NO):
            raise _unreadable(f"{place} cannot be read: {words}") from None
        raise Transient(f"{place} did not answer: {words}") from error


def _unreadable(message: str, unblock: str = "Mend the path in the policy, or what may be read there.") -> Refused:
    return Refused(Reason.DATA_UNREADABLE, f"{message}.", unblock)
