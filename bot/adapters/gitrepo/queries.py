"""Questions that one Git process answers best."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.past import history
from bot.adapters.gitrepo.runner import GitRunner

__all__ = ["changed_paths", "history", "merge_base", "paths"]


def paths(runner: GitRunner, tree: str) -> list[str]:
    """Paths of all regular files of a tree; names that are not UTF-8 are left out."""
    lines = runner.run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")
    return _texts([line.partition(b"\t")[2] for line in lines if line.startswith(b"100")])


def merge_base(runner: GitRunner, one: str, other: str) -> str | None:
    """The best common ancestor; None when the histories have none, or several that are equally good."""
    status, out, err = runner.attempt("merge-base", "--all", one, other)
    if status == 1 and not err:
        return None
    if status:
        raise GitFailed("merge-base", status, err)
    found = out.decode().split()
    return found[0] if len(found) == 1 else None


def changed_paths(runner: GitRunner, old: str, new: str) -> list[str]:
    """Paths that differ between two trees."""
    names = runner.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new).split(b"\0")
    # None may be left out: what is compared with it must not miss a file because of its name.
    return [name.decode("utf-8", "surrogateescape") for name in names if name]


def _texts(names: Sequence[bytes]) -> list[str]:
    texts = []
    for name in names:
        try:
            texts.append(name.decode())
        except UnicodeDecodeError:
            continue
    return [text for text in texts if text]
