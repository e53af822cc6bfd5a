"""The deployment repo's content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.facts import HistoryEntry


@dataclass(frozen=True)
class NewCommit:
    """A commit to be made. Same parents, tree, author time and message give the same commit id.

    ``tree_of`` is the commit whose tree is taken, None for an empty one; ``files`` replaces or adds whole files in it.
    With no parents it is the first commit of a branch of its own.
    """

    parents: tuple[str, ...]
    tree_of: str | None
    files: Mapping[str, bytes]
    message: str
    time: int


class Checkout(Protocol):
    """The deployment repo's content, by a bare mirror. There is no work tree."""

    def fetch(self) -> str:
        """Bring the mirror up to date; the head of the default branch."""
        ...

    def head(self) -> str:
        """The head of the default branch as of the last fetch."""
        ...

    def ref(self, branch: str) -> str | None:
        """The head of a remote branch as of the last fetch."""
        ...

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """The files' bytes at a commit; what is absent, a link or no file is left out."""
        ...

    def paths(self, commit: str) -> list[str]:
        """Every file path at a commit."""
        ...

    def blobs(self, commit: str) -> Mapping[str, str]:
        """The blob id of every regular file at a commit, by path: links, submodules and names that are not UTF-8 are
        left out, as in ``paths``. Equal trees give the same object; it is for reading only."""
        ...

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these blobs, read in one batch; an id that is no blob here is left out."""
        ...

    def folder(self, commit: str, path: str) -> list[str]:
        """Paths of the files that lie directly in a folder; empty when there is no such folder."""
        ...

    def ensure(self, commit: str) -> bool:
        """Make a commit readable, fetching it by id where needed (a fork's head); False when the remote has it not."""
        ...

    def tree(self, commit: str) -> str:
        """The commit's tree id."""
        ...

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commit's parents, the first one first."""
        ...

    def message(self, commit: str) -> str:
        """The commit's message."""
        ...

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor. None when there is none; and when there are several, as after merges both ways:
        what a merge would do is then told by comparing with none of them."""
        ...

    def changed_paths(self, old: str, new: str) -> list[str]: ...

    def commit(self, new: NewCommit) -> str:
        """Write blobs, the trees on their paths and the commit into the mirror; the commit's id. Nothing is pushed."""
        ...

    def push(self, commit: str, branch: str) -> bool:
        """Push one refspec, never by force; False when the remote branch has moved on (not a fast-forward)."""
        ...

    def history(self, commit: str, paths: Sequence[str], limit: int) -> list[HistoryEntry]:
        """First-parent commits that touched the paths, newest first, each with the ids of the paths' blobs as they
        were then."""
        ...
