"""A deployment repo in memory, with the rules of Git that matter: fast-forward only, ids by content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.facts import HistoryEntry
from bot.errors import Fatal, ForgeUnavailable, Reason, Refused, SlackOpsError
from bot.ports.checkout import NewCommit

Files = Mapping[str, bytes | None]


@dataclass(frozen=True)
class FakeCommit:
    """A commit and all its files."""

    files: dict[str, bytes]
    parents: tuple[str, ...]
    message: str
    time: int
    author: str

    @property
    def tree(self) -> str:
        return _sha("tree", *(f"{path}\0{content!r}" for path, content in sorted(self.files.items())))

    @property
    def id(self) -> str:
        return _sha("commit", self.tree, *self.parents, self.message, str(self.time), self.author)


class FakeCheckout:
    """The Checkout port, and the remote that it mirrors: ``remote`` maps a branch to its head.

    Set ``down`` to an error, and every use of the network raises it.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None, default_branch: str = "main") -> None:
        self.default_branch = default_branch
        self.commits: dict[str, FakeCommit] = {}
        self.remote: dict[str, str] = {}
        self.refs: dict[str, str] = {}
        self.links: set[str] = set()
        self.pushes: list[tuple[str, str]] = []
        self.down: SlackOpsError | None = None
        self._time = 1_700_000_000
        self.change(default_branch, dict(files or {"README.md": b"# Deployments\n"}), "Start")

    def change(self, branch: str, files: Files, message: str = "Change", author: str = "ana", base: str = "") -> str:
        """Somebody else pushes a commit; None deletes a file. A new branch starts at ``base`` or the default branch."""
        parent = self.remote.get(branch) or base or self.remote.get(self.default_branch)
        old = self.commits[parent].files if parent else {}
        self._time += 60
        commit = FakeCommit(_edited(old, files), (parent,) if parent else (), message, self._time, author)
        self.remote[branch] = self._add(commit)
        return commit.id

    def delete(self, branch: str) -> None:
        """Somebody else deletes a branch."""
        del self.remote[branch]

    def merge_commit(self, base: str, head: str, parents: tuple[str, ...], message: str, author: str) -> str | None:
        """The forge merges ``head`` into ``base``, file by file; None when both changed the same file."""
        old = self.commits[self.merge_base(base, head) or base].files
        ours, theirs = self.commits[base].files, self.commits[head].files
        files = {}
        for path in {*old, *ours, *theirs}:
            sides = {side.get(path) for side in (ours, theirs)} - {old.get(path)}
            if len(sides) > 1:
                return None
            files[path] = sides.pop() if sides else old.get(path)
        self._time += 60
        return self._add(FakeCommit(_edited({}, files), parents, message, self._time, author))

    def fetch(self) -> str:
        self._online()
        self.refs = dict(self.remote)
        if self.default_branch not in self.refs:
            raise Fatal("no default branch")
        return self.refs[self.default_branch]

    def head(self) -> str:
        return self.refs.get(self.default_branch) or self.fetch()

    def ref(self, branch: str) -> str | None:
        if not self.refs:
            self.fetch()
        return self.refs.get(branch)

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        files = self._commit(commit).files
        return {path: files[path] for path in paths if path in files and path not in self.links}

    def paths(self, commit: str) -> list[str]:
        return sorted(set(self._commit(commit).files) - self.links)

    def blobs(self, commit: str) -> Mapping[str, str]:
        files = self._commit(commit).files
        return {path: _blob(files[path]) for path in self.paths(commit)}

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        stored = {_blob(data): data for commit in self.commits.values() for data in commit.files.values()}
        return {one: stored[one] for one in ids if one in stored}

    def folder(self, commit: str, path: str) -> list[str]:
        found = [name for name in self.paths(commit) if name.rpartition("/")[0] == path]
        return found if path else []

    def ensure(self, commit: str) -> bool:
        if len(commit) == 40 and commit not in self.commits:
            self._online()
            return False
        self._commit(commit)
        return True

    def tree(self, commit: str) -> str:
        return self._commit(commit).tree

    def parents(self, commit: str) -> tuple[str, ...]:
        return self._commit(commit).parents

    def message(self, commit: str) -> str:
        return self._commit(commit).message.rstrip("\n")

    def merge_base(self, one: str, other: str) -> str | None:
        common = self.ancestors(one) & self.ancestors(other)
        best = [c for c in common if not any(c in self.ancestors(d) for d in common - {c})]
        return best[0] if len(best) == 1 else None

    def changed_paths(self, old: str, new: str) -> list[str]:
        before, after = self._commit(old).files, self._commit(new).files
        return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))

    def commit(self, new: NewCommit) -> str:
        for parent in new.parents:
            self._commit(parent)
        files = self._commit(new.tree_of).files if new.tree_of else {}
        for path in new.files:
            self._check(path, files)
        return self._add(FakeCommit(_edited(files, new.files), new.parents, new.message, new.time, "SlackOps"))

    def push(self, commit: str, branch: str) -> bool:
        self._online()
        self._commit(commit)
        if not branch.isprintable() or branch[:1] in {"", "-"} or set(branch) & set(" ~^:?*[\\") or ".." in branch:
            raise Fatal(f"{branch!r} is no name for a branch.")
        if branch in self.remote and self.remote[branch] not in self.ancestors(commit):
            return False
        self.remote[branch] = self.refs[branch] = commit
        self.pushes.append((commit, branch))
        return True

    def history(self, commit: str, paths: Sequence[str], limit: int) -> list[HistoryEntry]:
        found: list[HistoryEntry] = []
        at: str | None = commit
        while at and len(found) < limit:
            now = self._commit(at)
            parent = now.parents[0] if now.parents else None
            before = self.commits[parent].files if parent else {}
            if any(before.get(path) != now.files.get(path) for path in paths):
                blobs = {path: _blob(now.files[path]) for path in paths if path in now.files}
                found.append(HistoryEntry(at, float(now.time), now.author, now.message.rstrip("\n"), blobs, parent))
            at = parent
        return found

    def ancestors(self, commit: str) -> set[str]:
        """The commit and all that it stands on."""
        seen, todo = set(), [commit]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += self._commit(at).parents
        return seen

    def _add(self, commit: FakeCommit) -> str:
        self.commits[commit.id] = commit
        return commit.id

    def _commit(self, commit: str) -> FakeCommit:
        if len(commit) != 40:
            raise Fatal(f"{commit!r} is no commit id.")
        if commit not in self.commits:
            self._online()
            raise ForgeUnavailable(f"Commit {commit[:12]} is not in the deployment repo, or not yet.")
        return self.commits[commit]

    def _check(self, path: str, files: Mapping[str, bytes]) -> None:
        parts = path.split("/")
        folder = any(name.startswith(path + "/") for name in files)
        inside_file = any("/".join(parts[:at]) in files for at in range(1, len(parts)))
        if {"", ".", "..", ".git"} & set(parts) or path in self.links or folder or inside_file:
            raise Refused(Reason.TARGET_UNREADABLE, f"{path} is no ordinary file")

    def _online(self) -> None:
        if self.down is not None:
            raise self.down


def _edited(files: Mapping[str, bytes], changes: Files) -> dict[str, bytes]:
    merged = {**files, **changes}
    return {path: content for path, content in merged.items() if content is not None}


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _sha(*parts: str) -> str:
    return hashlib.sha1("\1".join(parts).encode(), usedforsecurity=False).hexdigest()
