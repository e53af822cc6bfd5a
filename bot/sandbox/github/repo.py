"""A bare repository: objects, refs, merges and commits by the git command line."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.sandbox.github import refs
from bot.sandbox.github.catfile import CatFile, Object
from bot.sandbox.github.objects import ZERO, Commit, Entry, Identity, parse_commit, parse_tree

_SHA = re.compile(r"[0-9a-f]{40}")
_CONFIG = {
    "http.receivepack": "true",
    "receive.autogc": "false",
    "gc.auto": "0",
    "receive.denyDeleteCurrent": "ignore",
    "receive.hideRefs": "refs/pull",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "core.logAllRefUpdates": "false",
}
MAX_CACHED = 20_000
_UPDATE_HOOK = Path(__file__).parent / "githooks" / "update"


class GitError(Exception):
    """A git command failed; the text is what it printed."""


class BareRepo:
    """One bare repository on disk. Every method blocks: call them off the event loop. Safe to use from threads."""

    def __init__(self, path: Path) -> None:
        self.path, self.cat = path, CatFile(path)
        self._commits: dict[str, Commit] = {}
        self._merges: dict[tuple[str, str], str | None] = {}
        self._bases: dict[tuple[str, str], str | None] = {}

    def create(self, default_branch: str) -> None:
        """Make the repository when it is absent, with the settings that the forge needs."""
        if not (self.path / "HEAD").exists():
            self.path.mkdir(parents=True, exist_ok=True)
            self.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={default_branch}", ".")
            with (self.path / "config").open("a") as file:
                file.writelines(
                    f"[{key.split('.')[0]}]\n\t{key.split('.')[1]} = {value}\n" for key, value in _CONFIG.items()
                )
        hook = self.path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(_UPDATE_HOOK.read_bytes())
        hook.chmod(0o755)

    def run(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, codes: Sequence[int] = (0,)
    ) -> bytes:
        """The output of ``git ARGS``. Raises GitError when it ends with a code that is not in ``codes``."""
        command = ["git", "-C", str(self.path), *args]
        done = subprocess.run(command, input=stdin, capture_output=True, env=environment(env), check=False)
        if done.returncode not in codes:
            raise GitError(
                done.stderr.decode(errors="replace").strip() or f"git {args[0]} ended with {done.returncode}"
            )
        return done.stdout

    @property
    def default_branch(self) -> str:
        """The branch that HEAD names."""
        return (self.path / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")

    def ref(self, name: str) -> str | None:
        """What ``refs/...`` points to."""
        return refs.read_ref(self.path, name)

    def branch(self, name: str) -> str | None:
        """The head of a branch."""
        return self.ref(f"refs/heads/{name}")

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Refs by name."""
        return refs.list_refs(self.path, prefix)

    def resolve(self, rev: str) -> str | None:
        """The commit that a branch, a tag, a ref or a full or short name stands for."""
        if not refs.valid_ref(rev):
            return None
        direct = self.branch(rev) or self.ref(f"refs/{rev}")
        if direct or (_SHA.fullmatch(rev) and rev in self._commits):
            return direct or rev
        found = self.cat.info(f"{rev}^{{commit}}")
        return found[0] if found else None

    def commit(self, sha: str) -> Commit | None:
        """A commit by its full name."""
        if sha not in self._commits:
            found = self.cat.read(sha) if _SHA.fullmatch(sha) else None
            if found is None or found.kind != "commit":
                return None
            if len(self._commits) > MAX_CACHED:
                self._commits.clear()
            self._commits[sha] = parse_commit(sha, found.data)
        return self._commits[sha]

    def known_commit(self, sha: str) -> Commit:
        """A commit that must exist. Raises GitError."""
        found = self.commit(sha)
        if found is None:
            raise GitError(f"no commit {sha}")
        return found

    def tree(self, treeish: str) -> list[Entry] | None:
        """The entries of a tree."""
        found = self.cat.read(f"{treeish}^{{tree}}")
        return parse_tree(found.data) if found else None

    def at_path(self, commit: str, path: str) -> Object | None:
        """The blob or the tree at a path of a commit."""
        return self.cat.read(f"{commit}:{path}")

    def update_ref(self, name: str, new: str, old: str | None = None) -> None:
        """Move, create (``old`` ZERO) or delete (``new`` ZERO) a ref. Raises GitError when it is not at ``old``."""
        if new == ZERO:
            self.run("update-ref", "-d", name, *([old] if old else []))
        else:
            self.run("update-ref", name, new, *([old] if old else []))

    def merge_base(self, one: str, two: str) -> str | None:
        """The best common ancestor, or None for unrelated histories."""
        key = (one, two)
        if key not in self._bases:
            self._bases[key] = self.run("merge-base", one, two, codes=(0, 1)).decode().strip() or None
        return self._bases[key]

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether ``old`` can be reached from ``new``."""
        return self.merge_base(old, new) == old

    def merge_tree(self, base: str, head: str) -> str | None:
        """The tree of a three-way merge, or None when it conflicts."""
        key = (base, head)
        if key not in self._merges:
            self._merges[key] = self._merge_tree(base, head)
        return self._merges[key]

    def merge_known(self, base: str, head: str) -> bool:
        """Whether ``merge_tree`` was asked for this pair before."""
        return (base, head) in self._merges

    def _merge_tree(self, base: str, head: str) -> str | None:
        if self.merge_base(base, head) is None:
            return None
        command = ["git", "-C", str(self.path), "merge-tree", "--write-tree", base, head]
        done = subprocess.run(command, capture_output=True, env=environment(None), check=False)
        if done.returncode not in (0, 1):
            raise GitError(done.stderr.decode(errors="replace"))
        return done.stdout.decode().split("\n", 1)[0] if done.returncode == 0 else None

    def commit_tree(
        self, tree: str, parents: Sequence[str], message: str, author: Identity, committer: Identity
    ) -> str:
        """Write a commit and return its name."""
        flags = [flag for parent in parents for flag in ("-p", parent)]
        env = signature("AUTHOR", author) | signature("COMMITTER", committer)
        return self.run("commit-tree", tree, *flags, "-F", "-", stdin=message.encode(), env=env).decode().strip()

    def rev_list(self, *args: str) -> list[str]:
        """Commit names, as ``git rev-list`` orders them."""
        return self.run("rev-list", *args, "--").decode().split()

    def close(self) -> None:
        """End the reader."""
        self.cat.close()


def signature(role: str, who: Identity) -> dict[str, str]:
    """The environment that makes git sign a commit as somebody."""
    fields = {"NAME": who.name, "EMAIL": who.email, "DATE": f"{who.when} {who.zone}"}
    return {f"GIT_{role}_{key}": value for key, value in fields.items()}


def environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """An environment in which no configuration of this machine's user counts."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    fixed = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return {**clean, **fixed, **(extra or {})}
