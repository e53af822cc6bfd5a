"""Four ways to the same pushed branch: ours, and those it is measured against. All make the same edit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar, Protocol

import pygit2

from bot.adapters.gitrepo import GitMirror
from bot.ports.checkout import NewCommit

_VERSION = re.compile(rb"(storageUri: s3://models/[^/]+/)\d+")
_WHO = ("SlackOps", "slackops@example.com")


def edited(content: bytes, number: int) -> bytes:
    """The manifest with another version in it."""
    return _VERSION.sub(rb"\g<1>%d" % (10_000 + number), content)


class Way(Protocol):
    """One way to promote. It takes part in each ``every``-th round."""

    name: ClassVar[str]
    every: ClassVar[int]

    def promote(self, path: str, number: int) -> None:
        """Change one file on top of the newest main, and push that as a new branch."""
        ...


class Mirror:
    """Ours: fetch into a bare mirror, write the few objects, push."""

    name: ClassVar[str] = "bare mirror"
    every: ClassVar[int] = 1

    def __init__(self, folder: Path, remote: Path) -> None:
        self._mirror = GitMirror(folder / "mirror.git", str(remote), "main", author=_WHO)

    def promote(self, path: str, number: int) -> None:
        """See Way."""
        head = self._mirror.fetch()
        files = {path: edited(self._mirror.read(head, [path])[path], number)}
        commit = self._mirror.commit(NewCommit((head,), head, files, f"Promote {number}", 1_800_000_000))
        assert self._mirror.push(commit, f"ours-{number}")


class CloneEachTime:
    """A shallow clone for every change."""

    name: ClassVar[str] = "shallow clone each time"
    every: ClassVar[int] = 8

    def __init__(self, folder: Path, remote: Path) -> None:
        self._folder, self._remote = folder, remote

    def promote(self, path: str, number: int) -> None:
        """See Way."""
        clone = self._folder / f"shallow-{number}"
        _git(self._folder, "clone", "--quiet", "--depth=1", f"file://{self._remote}", str(clone))
        (clone / path).write_bytes(edited((clone / path).read_bytes(), number))
        _git(clone, "commit", "--quiet", "--all", "--message", f"Promote {number}")
        _git(clone, "push", "--quiet", "origin", f"HEAD:refs/heads/shallow-{number}")
        shutil.rmtree(clone)


class PersistentClone:
    """One clone with a work tree that is kept."""

    name: ClassVar[str] = "persistent clone"
    every: ClassVar[int] = 1

    def __init__(self, folder: Path, remote: Path) -> None:
        self._clone = folder / "clone"
        _git(folder, "clone", "--quiet", str(remote), str(self._clone))

    def promote(self, path: str, number: int) -> None:
        """See Way."""
        _git(self._clone, "fetch", "--quiet", "--prune", "origin")
        _git(self._clone, "checkout", "--quiet", "-B", f"clone-{number}", "origin/main")
        (self._clone / path).write_bytes(edited((self._clone / path).read_bytes(), number))
        _git(self._clone, "commit", "--quiet", "--all", "--message", f"Promote {number}")
        _git(self._clone, "push", "--quiet", "origin", f"HEAD:refs/heads/clone-{number}")


class Pygit2:
    """libgit2 on a bare mirror: the same as ours, in one process."""

    name: ClassVar[str] = "pygit2"
    every: ClassVar[int] = 1

    def __init__(self, folder: Path, remote: Path) -> None:
        self._repo = pygit2.clone_repository(str(remote), str(folder / "pygit2.git"), bare=True)
        self._who = pygit2.Signature(*_WHO, 1_800_000_000, 0)

    def promote(self, path: str, number: int) -> None:
        """See Way."""
        remote = self._repo.remotes["origin"]
        remote.fetch(["+refs/heads/*:refs/remotes/origin/*"], prune=pygit2.enums.FetchPrune.PRUNE)
        head = self._repo.revparse_single("refs/remotes/origin/main")
        old = head.tree / path
        assert isinstance(old, pygit2.Blob)
        blob = self._repo.create_blob(edited(old.data, number))
        tree = self._tree(head.tree, path.split("/"), blob)
        ref = f"refs/heads/pygit2-{number}"
        self._repo.create_commit(ref, self._who, self._who, f"Promote {number}", tree, [head.id])
        remote.push([f"{ref}:{ref}"])

    def _tree(self, tree: pygit2.Tree, parts: list[str], blob: pygit2.Oid) -> pygit2.Oid:
        builder = self._repo.TreeBuilder(tree)
        if len(parts) == 1:
            builder.insert(parts[0], blob, pygit2.enums.FileMode.BLOB)
        else:
            inner = tree / parts[0]
            assert isinstance(inner, pygit2.Tree)
            builder.insert(parts[0], self._tree(inner, parts[1:], blob), pygit2.enums.FileMode.TREE)
        return builder.write()


def _git(folder: Path, *args: str) -> None:
    who = ["-c", f"user.name={_WHO[0]}", "-c", f"user.email={_WHO[1]}", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *args], cwd=folder, check=True, stdin=subprocess.DEVNULL)
