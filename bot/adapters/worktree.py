"""The reading half of the ``Checkout`` port over an ordinary checkout, as a person or CI has it. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from bot.adapters.worktree_commits import LocalCommits
from bot.adapters.worktree_files import MAX_FILES, DiskFiles, too_many
from bot.adapters.worktree_git import LocalGit, locate
from bot.domain.facts import HistoryEntry
from bot.errors import Fatal
from bot.ports.checkout import NewCommit

ON_DISK = "working-tree"
"""Stands for the files as they are on disk, edits that are not committed included."""
_READS_ONLY = "A checkout on disk is only read."


class Worktree:
    """The folder ``path``: files as they are on disk, and the commits of the repository around it.

    What Git ignores is not there, nor are links and Git's own folder. Paths are relative to ``path``, which may be a
    folder inside a bigger repository, or a plain one with no Git at all. A bare repository is read at its HEAD. Raises
    Refused where Git will not read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        located = locate(self.path)
        self._bare = located is not None and located.top is None
        self._commits = LocalCommits(LocalGit(self.path, located), located) if located else None
        self._disk = DiskFiles(self.path)

    def fetch(self) -> str:
        """There is nothing to fetch: the same as ``head``."""
        return self.head()

    def head(self) -> str:
        """What stands for the files on disk; for a bare repository the commit of its HEAD."""
        if not self._bare:
            return ON_DISK
        on_top = self._git.on_top
        if on_top is None:
            raise Fatal(f"{self.path} is a bare repository with no commit at its HEAD.")
        return on_top

    @property
    def shallow(self) -> bool:
        """Whether the clone has only the last commits, so that history ends early."""
        return self._commits is not None and self._commits.shallow

    def ref(self, branch: str) -> str | None:
        """The head of a branch: as the remote had it when it was last fetched, else of this repository."""
        if self._commits is None:
            return None
        return self._commits.id_of(f"refs/remotes/origin/{branch}") or self._commits.id_of(f"refs/heads/{branch}")

    def named(self, name: str) -> str | None:
        """The commit that somebody means by `HEAD`, a branch, a tag or an id; None where there is none."""
        return self._commits.named(name) if self._commits else None

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """The files' bytes; what is absent, ignored, a link or no file is left out."""
        if commit != ON_DISK:
            return self._git.read(commit, paths)
        inside = (path for path in dict.fromkeys(paths) if path in self._known)
        found = ((path, self._disk.read(path)) for path in inside)
        return {path: data for path, data in found if data is not None}

    def paths(self, commit: str) -> list[str]:
        """Every file path."""
        return sorted(self._known if commit == ON_DISK else self._git.blobs(commit))

    def folder(self, commit: str, path: str) -> list[str]:
        """Paths of the files that lie directly in a folder."""
        if commit != ON_DISK:
            return self._git.folder(commit, path)
        return [name for name in self._known if path and name.rpartition("/")[0] == path]

    def blobs(self, commit: str) -> Mapping[str, str]:
        """An id of every file's content, by path; on disk one that is another when the file was written."""
        return self._on_disk if commit == ON_DISK else self._git.blobs(commit)

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """What the ids of ``blobs`` stand for; what is gone is left out."""
        here = {one: one.split(":", 3)[3] for one in ids if one.startswith(f"{ON_DISK}:")}
        found = {one: data for one, path in here.items() if (data := self._disk.read(path)) is not None}
        rest = [one for one in ids if one not in here]
        return found | (self._commits.contents(rest) if self._commits and rest else {})

    def ensure(self, commit: str) -> bool:
        """Whether the commit can be read here."""
        return commit == ON_DISK or (self._commits is not None and self._commits.has(commit))

    def tree(self, commit: str) -> str:
        """The commit's tree id."""
        return self._git.parsed(commit).tree

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commit's parents, the first one first."""
        return self._git.parsed(commit).parents

    def message(self, commit: str) -> str:
        """The commit's message."""
        return self._git.parsed(commit).message.rstrip("\n")

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits."""
        return self._git.merge_base(one, other)

    def changed_paths(self, old: str, new: str) -> list[str]:
        """Paths in this folder that differ between two commits."""
        return self._git.changed_paths(old, new)

    def history(self, commit: str, paths: Sequence[str], limit: int) -> list[HistoryEntry]:
        """First-parent commits that touched the paths, newest first; for the files on disk those of HEAD."""
        if commit == ON_DISK:
            on_top = self._commits.on_top if self._commits else None
            return self._git.history(on_top, paths, limit) if on_top else []
        return self._git.history(commit, paths, limit)

    def commit(self, new: NewCommit) -> NoReturn:  # noqa: ARG002
        """Raises Fatal."""
        raise Fatal(_READS_ONLY)

    def push(self, commit: str, branch: str) -> NoReturn:  # noqa: ARG002
        """Raises Fatal."""
        raise Fatal(_READS_ONLY)

    def close(self) -> None:
        """End the process that reads objects."""
        if self._commits:
            self._commits.close()

    @property
    def _git(self) -> LocalCommits:
        if self._commits is None:
            raise Fatal(f"{self.path} is in no Git repository.")
        return self._commits

    @cached_property
    def _known(self) -> dict[str, None]:
        """The files on disk that belong to the checkout, sorted."""
        listed = self._commits.files() if self._commits else []
        if len(listed) > MAX_FILES:
            raise too_many(self.path)
        # In a folder that Git ignores altogether lies a checkout of another kind.
        return dict.fromkeys(self._disk.listed(listed) if listed else self._disk.walk())

    @cached_property
    def _on_disk(self) -> Mapping[str, str]:
        stats = ((path, self._disk.plain(path)) for path in self._known)
        return MappingProxyType({path: f"{ON_DISK}:{s.st_size}:{s.st_mtime_ns}:{path}" for path, s in stats if s})
