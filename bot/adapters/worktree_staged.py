"""What stands in the index of a checkout: the commit that is about to be made, as a pre-commit hook has to see it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.worktree import ON_DISK, Worktree
from bot.adapters.worktree_git import LocalGit, Located, fatal, locate
from bot.errors import Reason, Refused

_FILES = (b"100644", b"100755")


class _IndexGit(LocalGit):
    """Git with the index of the surrounding hook: `git commit FILE` and `--all` make one of their own for it
    (https://git-scm.com/docs/githooks)."""

    def __init__(self, folder: Path, located: Located) -> None:
        super().__init__(folder, located)
        given = os.environ.get("GIT_INDEX_FILE", "")
        self._index = str((located.top or folder) / given) if given else ""

    def _variables(self) -> dict[str, str]:
        own = super()._variables()
        return {**own, "GIT_INDEX_FILE": self._index} if self._index else own


class StagedTree(Worktree):
    """The same as ``Worktree``, but for the files of the work tree: they are those of the index. Raises Refused where
    there is no Git, or where a merge is not resolved."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        located = locate(self.path)
        if located is None or located.top is None:
            raise Refused(Reason.BAD_USAGE, f"{self.path} is no checkout with an index.", "Leave --staged out.")
        self._index, self._prefix = _IndexGit(self.path, located), located.prefix

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """As the port says."""
        if commit != ON_DISK:
            return super().read(commit, paths)
        wanted = {path: self._on_disk[path] for path in dict.fromkeys(paths) if path in self._on_disk}
        found = self._git.contents(list(wanted.values()))
        return {path: found[blob] for path, blob in wanted.items() if blob in found}

    @cached_property
    def _known(self) -> dict[str, None]:
        return dict.fromkeys(sorted(self._on_disk))

    @cached_property
    def _on_disk(self) -> Mapping[str, str]:
        """The blob of every file in the index. A file's id is that of a commit's, so ``contents`` reads both."""
        inside = ("--", self._prefix) if self._prefix else ()
        try:
            out = self._index.run("ls-files", "-z", "--stage", "--full-name", *inside)
        except GitFailed as failure:
            raise fatal(failure) from failure
        found: dict[str, str] = {}
        for line in out.split(b"\0"):
            said, _, name = line.partition(b"\t")
            mode, blob, stage = said.split(b" ") if said else (b"", b"", b"0")
            if stage != b"0":
                raise Refused(Reason.BAD_USAGE, "A merge is not resolved in the index.", "Resolve it first.")
            if mode in _FILES:
                found[name.decode("utf-8", "replace").removeprefix(self._prefix)] = blob.decode()
        return MappingProxyType(found)
