"""Git's tree objects as bytes: ``mode SP name NUL id`` entries, looked up and spliced without taking them all apart.

A folder with tens of thousands of entries is one object; rewriting one entry must not cost a list of all of them.
https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

TREE, FILE = b"40000", b"100644"
_FILES = frozenset({FILE, b"100755", b"100664"})
_ID = 20


@dataclass(frozen=True)
class Entry:
    """One entry and where it stands: ``data[start:end]``."""

    start: int
    end: int
    mode: bytes
    name: bytes
    oid: str

    @property
    def is_file(self) -> bool:
        """A regular file: no link, no submodule, no folder."""
        return self.mode in _FILES

    @property
    def is_tree(self) -> bool:
        """A folder."""
        return self.mode == TREE


def find(data: bytes, names: Collection[bytes]) -> dict[bytes, Entry]:
    """The entries with these names, each as it stands in the tree."""
    found: dict[bytes, Entry] = {}
    wanted = {name: b" " + name for name in names}
    for start, nul in _bounds(data):
        space = data.index(b" ", start, nul)
        name = data[space + 1 : nul]
        if name in wanted:
            found[name] = Entry(start, nul + 1 + _ID, data[start:space], name, data[nul + 1 : nul + 1 + _ID].hex())
            if len(found) == len(wanted):
                break
    return found


def files(data: bytes) -> list[bytes]:
    """Names of the regular files that lie directly in the tree, as Git sorts them."""
    names = (data[start:nul].partition(b" ") for start, nul in _bounds(data))
    return [name for mode, _, name in names if mode in _FILES]


def put(data: bytes, name: bytes, mode: bytes, oid: str) -> bytes:
    """The tree with this entry put in place of the one of the same name, or inserted where Git sorts it."""
    entry = mode + b" " + name + b"\0" + bytes.fromhex(oid)
    old = find(data, [name]).get(name)
    if old is not None and (old.mode == TREE) == (mode == TREE):
        return data[: old.start] + entry + data[old.end :]
    if old is not None:
        data = data[: old.start] + data[old.end :]
    at = _place(data, _key(mode, name))
    return data[:at] + entry + data[at:]


def _bounds(data: bytes) -> Iterator[tuple[int, int]]:
    start, size = 0, len(data)
    while start < size:
        nul = data.index(b"\0", start)
        yield start, nul
        start = nul + 1 + _ID


def _place(data: bytes, key: bytes) -> int:
    for start, nul in _bounds(data):
        mode, _, name = data[start:nul].partition(b" ")
        if _key(mode, name) > key:
            return start
    return len(data)


def _key(mode: bytes, name: bytes) -> bytes:
    """Git sorts a folder as if its name ended with a slash."""
    return name + b"/" if mode == TREE else name
