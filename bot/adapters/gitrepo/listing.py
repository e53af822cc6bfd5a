"""Every regular file of a tree and its blob id: listed once, and from then on told by what differs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.adapters.gitrepo.runner import GitRunner

_KEPT: Final = 3
_FILES: Final = frozenset({b"100644", b"100755", b"100664"})
Blobs = Mapping[str, str]


class Listings:
    """The last few listings, by tree id. Thread-safe. Names that are not UTF-8 are left out."""

    def __init__(self, runner: GitRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Blobs] = OrderedDict()

    def blobs(self, tree: str) -> Blobs:
        """Blob id by path; the same object for the same tree as long as it is kept. Raises GitFailed."""
        with self._lock:
            if tree not in self._known:
                self._known[tree] = MappingProxyType(self._brought_forward(tree) or _listed(self._runner, tree))
            self._known.move_to_end(tree)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return self._known[tree]

    def _brought_forward(self, tree: str) -> dict[str, str] | None:
        """The newest listing that is known, with what differs. The strings of the rest are shared between the two."""
        if not self._known:
            return None
        old, known = next(reversed(self._known.items()))
        status, out, _ = self._runner.attempt("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", old, tree)
        if status:  # the old tree was collected; nothing is known of it any more
            self._known.clear()
            return None
        blobs = dict(known)
        for path, blob in _differences(out):
            blobs.pop(path, None)
            if blob is not None:
                blobs[path] = blob
        return blobs


def _listed(runner: GitRunner, tree: str) -> dict[str, str]:
    """Each line is mode SP type SP id TAB path, and all but the path of regular files has one width."""
    out = runner.run("ls-tree", "-r", "-z", "--full-tree", tree)
    tab = 12 + len(tree)
    try:
        text = out.decode().split("\0")
        return {line[tab + 1 :]: line[12:tab] for line in text if line.startswith("100") and line[tab + 1 :]}
    except UnicodeDecodeError:
        named = ((_name(line[tab + 1 :]), line) for line in out.split(b"\0") if line.startswith(b"100"))
        return {name: line[12:tab].decode() for name, line in named if name}


def _differences(out: bytes) -> Iterator[tuple[str, str | None]]:
    """Path and new blob id of each difference; None where no regular file is left.
    https://git-scm.com/docs/git-diff-tree#_raw_output_format"""
    fields = out.split(b"\0")
    for header, raw in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, new, _ = header.split(b" ")
        path = _name(raw)
        if path:
            yield path, new.decode() if mode in _FILES else None


def _name(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
