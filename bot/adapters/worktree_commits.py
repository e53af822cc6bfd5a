"""The commits of somebody's checkout, seen from the folder in it that is asked about. Nothing is fetched or written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from types import MappingProxyType

from bot.adapters.gitrepo import content, past, queries
from bot.adapters.gitrepo.commits import Commit, parse_commit
from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.listing import Listings
from bot.adapters.gitrepo.objects import ObjectStore
from bot.adapters.worktree_git import LocalGit, Located, fatal
from bot.domain.facts import HistoryEntry
from bot.errors import Fatal

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = re.compile(r"[^\0-\x20\x7f]+")


class LocalCommits:
    """Reads commits; paths are relative to the folder at ``located.prefix``. Raises Fatal for what is not there."""

    def __init__(self, git: LocalGit, located: Located) -> None:
        self._git, self._prefix = git, located.prefix
        self._store = ObjectStore(git, located.git_dir)
        self._listings = Listings(git)
        self._blobs = lru_cache(maxsize=2)(self._inside)

    @cached_property
    def on_top(self) -> str | None:
        """The commit of HEAD; None before the first one."""
        return self.id_of("HEAD")

    @cached_property
    def shallow(self) -> bool:
        """Whether the clone has only the last commits, so that history ends early."""
        with self._guard():
            return self._git.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def files(self) -> list[str]:
        """What is tracked, and what is new and not ignored, as paths of the work tree; names in UTF-8 only."""
        inside = ("--", self._prefix) if self._prefix else ()
        with self._guard():
            out = self._git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name", *inside)
        names = (name.decode("utf-8", "replace") for name in out.split(b"\0") if name)
        return [name.removeprefix(self._prefix) for name in names if "\ufffd" not in name]

    def id_of(self, name: str) -> str | None:
        """The commit that an id or a full name of a ref stands for."""
        if not _BRANCH.fullmatch(name):
            return None
        with self._guard():
            found = self._store.get([name])[0]
        return found.oid if found is not None and found.kind == "commit" else None

    def named(self, name: str) -> str | None:
        """The commit that a person's name for one stands for: a branch, a tag, a short id, `HEAD~1`."""
        if name.startswith("-") or not _BRANCH.fullmatch(name):
            return None
        status, out, _ = self._git.attempt("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        found = out.decode("ascii", "replace").strip()
        return found if status == 0 and _ID.fullmatch(found) else None

    def has(self, commit: str) -> bool:
        """Whether it can be read here."""
        return _ID.fullmatch(commit) is not None and self.id_of(commit) is not None

    def parsed(self, commit: str) -> Commit:
        """The commit. Raises Fatal where it is none."""
        with self._guard():
            found = self._store.get([commit])[0] if _ID.fullmatch(commit) else None
        if found is None or found.kind != "commit":
            raise Fatal(f"{commit[:12]!r} is no commit of the checkout.")
        return parse_commit(found.data)

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """The files' bytes."""
        wanted = {self._prefix + path: path for path in paths if content.parts_of(path)}
        with self._guard():
            files = content.read_files(self._store, self.parsed(commit).tree, list(wanted))
        return {wanted[path]: data for path, data in files.items()}

    def folder(self, commit: str, path: str) -> list[str]:
        """Paths of the files that lie directly in a folder."""
        with self._guard():
            found = content.list_folder(self._store, self.parsed(commit).tree, self._prefix + path) if path else []
        return [name.removeprefix(self._prefix) for name in found]

    def blobs(self, commit: str) -> Mapping[str, str]:
        """The blob id of every file, by path; the same object for equal trees."""
        return self._blobs(self.parsed(commit).tree)

    def _inside(self, tree: str) -> Mapping[str, str]:
        with self._guard():
            found = self._listings.blobs(tree)
        start = self._prefix
        inside = {path.removeprefix(start): oid for path, oid in found.items() if path.startswith(start)}
        return MappingProxyType(inside) if start else found

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of blobs; an id that is no blob here is left out."""
        wanted = [one for one in dict.fromkeys(ids) if _ID.fullmatch(one)]
        with self._guard():
            found = zip(wanted, self._store.get(wanted), strict=True)
            return {oid: blob.data for oid, blob in found if blob is not None and blob.kind == "blob"}

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor."""
        with self._guard(one, other):
            return queries.merge_base(self._git, one, other)

    def changed_paths(self, old: str, new: str) -> list[str]:
        """Paths in the folder that differ."""
        with self._guard(old, new):
            found = queries.changed_paths(self._git, old, new)
        return [path.removeprefix(self._prefix) for path in found if path.startswith(self._prefix)]

    def history(self, commit: str, paths: Sequence[str], limit: int) -> list[HistoryEntry]:
        """First-parent commits that touched the paths, newest first, each with the paths' blobs as of then."""
        inside = [self._prefix + path for path in paths if content.parts_of(path)]
        with self._guard(commit):
            found = past.history(self._git, commit, inside, limit)
        return [replace(one, blobs=self._relative(one.blobs)) for one in found] if self._prefix else found

    def _relative(self, blobs: Mapping[str, str]) -> dict[str, str]:
        return {path.removeprefix(self._prefix): oid for path, oid in blobs.items()}

    def close(self) -> None:
        """End the process that reads objects."""
        self._store.close()

    @contextmanager
    def _guard(self, *commits: str) -> Iterator[None]:
        for commit in commits:
            self.parsed(commit)
        try:
            yield
        except GitFailed as failure:
            raise fatal(failure) from failure
