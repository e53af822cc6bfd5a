"""Reads what main declares, and of a new commit only what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.cluster.layouts import Declared, Unrenderable, declared
from bot.sandbox.github.repo import BareRepo

Key = tuple[str, str]  # model, environment


@dataclass(frozen=True)
class Wanted:
    """One declared workload, and the file that declares it."""

    file: str
    what: Declared


@dataclass(frozen=True)
class Head:
    """Main at one commit; ``broken`` are the files that cannot be read, with the reason."""

    revision: str
    committed: int
    wanted: dict[Key, Wanted]
    broken: dict[str, str] = field(default_factory=dict)


class Tree:
    """One branch of a bare repository. It blocks: call it off the event loop, from one thread at a time."""

    def __init__(self, path: Path, branch: str) -> None:
        self._repo, self._branch = BareRepo(path), branch
        self._parsed: dict[tuple[str, str], list[Declared] | str] = {}
        self._last: Head | None = None

    def head(self) -> Head | None:
        """What the branch declares now, or None while there is no such branch. Raises GitError."""
        revision = self._repo.branch(self._branch)
        if revision is None:
            return None
        if self._last and self._last.revision == revision:
            return self._last
        wanted: dict[Key, Wanted] = {}
        broken: dict[str, str] = {}
        parsed = {key: self._read(*key) for key in self._files(revision)}
        self._parsed = parsed
        for (file, _), found in parsed.items():
            if isinstance(found, str):
                broken[file] = found
            else:
                wanted.update({(one.model, one.environment): Wanted(file, one) for one in found})
        self._last = Head(revision, self._repo.known_commit(revision).committer.when, wanted, broken)
        return self._last

    def close(self) -> None:
        """End the reader."""
        self._repo.close()

    def _files(self, revision: str) -> list[tuple[str, str]]:
        lines = self._repo.run("ls-tree", "-r", "-z", revision).decode(errors="surrogateescape").split("\0")
        entries = [line.split("\t", 1) for line in lines if line.endswith((".yaml", ".yml"))]
        return [(path, meta.split(" ")[2]) for meta, path in entries]

    def _read(self, path: str, blob: str) -> list[Declared] | str:
        known = self._parsed.get((path, blob))
        if known is not None:
            return known
        found = self._repo.cat.read(blob)
        try:
            return declared(path, found.data if found else b"")
        except Unrenderable as error:
            return str(error)
