"""Reads a bare repository's refs from its files: no process for what is asked most."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

_BAD = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|^\.|^/|/$|\.$|^@$")


def valid_ref(name: str) -> bool:
    """Whether Git takes ``name`` as part of a ref (https://git-scm.com/docs/git-check-ref-format)."""
    return bool(name) and not _BAD.search(name) and not name.startswith("-")


def read_ref(repo: Path, name: str) -> str | None:
    """What ``refs/...`` points to, or None."""
    if not valid_ref(name):
        return None
    try:
        value = (repo / name).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return packed(repo).get(name)
    return value or None


def list_refs(repo: Path, prefix: str) -> dict[str, str]:
    """Every ref whose name starts with ``prefix``, sorted by name."""
    found = {name: sha for name, sha in packed(repo).items() if name.startswith(prefix)}
    for path in (repo / "refs").rglob("*"):
        name = path.relative_to(repo).as_posix()
        if not name.startswith(prefix) or name.endswith(".lock") or path.is_dir():
            continue
        with contextlib.suppress(FileNotFoundError):  # deleted, or packed, since it was listed
            found[name] = path.read_text().strip()
    return dict(sorted(found.items()))


def packed(repo: Path) -> dict[str, str]:
    """The refs of ``packed-refs``."""
    try:
        lines = (repo / "packed-refs").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(" ", 1) for line in lines if line and line[0] not in "#^")
    return {name: sha for sha, name in pairs}
