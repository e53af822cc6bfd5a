"""Writes into a bare repository with no checkout: files as a commit, blobs, trees."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.github.objects import ZERO, Identity
from bot.sandbox.github.repo import BareRepo, GitError

Files = Mapping[str, bytes | None]


def commit_files(
    repo: BareRepo, branch: str, files: Files, message: str, author: Identity, executable: frozenset[str] = frozenset()
) -> str:
    """Commit files (None deletes one) on top of a branch, and move it; returns the commit.

    Raises GitError when the branch moved meanwhile.
    """
    ref = f"refs/heads/{branch}"
    parent = repo.ref(ref)
    stream = [b"feature done\n", *_header(ref, parent, message, author)]
    for path, content in files.items():
        mode = "100755" if path in executable else _mode(repo, parent, path)
        stream.append(_change(path, content, mode))
    stream.append(b"get-mark :1\ndone\n")
    return repo.run("fast-import", "--quiet", "--date-format=raw", stdin=b"".join(stream)).decode().strip()


def _header(ref: str, parent: str | None, message: str, author: Identity) -> list[bytes]:
    text = message.encode()
    who = f"{author.name} <{author.email}> {author.when} {author.zone}"
    lines = f"commit {ref}\nmark :1\nauthor {who}\ncommitter {who}\ndata {len(text)}\n".encode()
    return [lines, text, b"\n", f"from {parent}\n".encode() if parent else b""]


def _change(path: str, content: bytes | None, mode: str) -> bytes:
    name = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if content is None:
        return f"D {name}\n".encode()
    return f"M {mode} inline {name}\ndata {len(content)}\n".encode() + content + b"\n"


def _mode(repo: BareRepo, parent: str | None, path: str) -> str:
    folder, _, name = path.rpartition("/")
    listing = repo.cat.info(f"{parent}:{folder}") if parent else None
    entries = repo.tree(listing[0]) if listing and listing[1] == "tree" else None
    modes = [entry.mode for entry in entries or () if entry.name == name and entry.kind == "blob"]
    return modes[0] if modes else "100644"


def read_folder(folder: Path) -> tuple[dict[str, bytes], frozenset[str]]:
    """The files of a folder by their path, and those that are executable."""
    paths = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and ".git" not in path.relative_to(folder).parts
    ]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return files, frozenset(path.relative_to(folder).as_posix() for path in paths if os.access(path, os.X_OK))


def write_blob(repo: BareRepo, content: bytes) -> str:
    """Store a blob and return its name."""
    return repo.run("hash-object", "-w", "--stdin", stdin=content).decode().strip()


def write_tree(repo: BareRepo, base: str | None, entries: list[dict[str, Any]]) -> str:
    """Store a tree made of ``base`` and entries (path, mode, sha or None to delete) and return its name."""
    lines = [f"{_index_line(entry)}\t{entry['path']}\0" for entry in entries]
    with tempfile.TemporaryDirectory(prefix="tree-", dir=repo.path) as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repo.run("read-tree", base or "--empty", env=env)
        repo.run("update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=env)
        return repo.run("write-tree", env=env).decode().strip()


def _index_line(entry: dict[str, Any]) -> str:
    if entry.get("sha") is None:
        return f"0 {ZERO}"
    if entry.get("mode") == "040000":
        raise GitError("trees are given by their files")
    return f"{entry['mode']} {entry['sha']}"
