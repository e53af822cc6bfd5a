"""What two commits differ in."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.github.objects import FileChange
from bot.sandbox.github.repo import BareRepo

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
_cache: dict[tuple[str, str], list[FileChange]] = {}


def diff_files(repo: BareRepo, old: str, new: str, patches: bool = True) -> list[FileChange]:
    """The changed files, in Git's order; ``patches`` adds each one's hunks."""
    key = (old, new)
    if key not in _cache:
        if len(_cache) > 4096:
            _cache.clear()
        raw = repo.run("diff", "--raw", "--numstat", "-z", "-M", "--no-abbrev", old, new)
        _cache[key] = _parse(raw.decode("utf-8", "surrogateescape").split("\0"))
    files = _cache[key]
    if patches and files and all(file.patch is None for file in files):
        for file, patch in zip(files, _patches(diff_text(repo, old, new)), strict=True):
            file.patch = patch
    return files


def diff_text(repo: BareRepo, old: str, new: str) -> str:
    """A unified diff."""
    return repo.run("diff", "-M", old, new).decode("utf-8", "replace")


def format_patch(repo: BareRepo, old: str, new: str) -> str:
    """The commits as mails."""
    return repo.run("format-patch", "--stdout", "-M", f"{old}..{new}").decode("utf-8", "replace")


def totals(files: list[FileChange]) -> tuple[int, int]:
    """(additions, deletions)."""
    return sum(file.additions for file in files), sum(file.deletions for file in files)


def _parse(fields: list[str]) -> list[FileChange]:
    source = iter(fields)
    files: dict[str, FileChange] = {}
    for field in source:
        if field.startswith(":"):
            change = _raw(field, source)
            files[change.path] = change
        elif field:
            _numstat(field, source, files)
    return list(files.values())


def _raw(field: str, source: Iterator[str]) -> FileChange:
    _, _, old_sha, new_sha, letter = field.split(" ")
    path, former = next(source), None
    if letter[0] in "RC":
        path, former = next(source), path
    sha = old_sha if letter == "D" else new_sha
    return FileChange(path, _STATUS.get(letter[0], "modified"), sha, old=former)


def _numstat(field: str, source: Iterator[str], files: dict[str, FileChange]) -> None:
    added, deleted, path = field.split("\t", 2)
    if not path:
        next(source)
        path = next(source)
    file = files[path]
    file.additions = int(added) if added != "-" else 0
    file.deletions = int(deleted) if deleted != "-" else 0


def _patches(text: str) -> list[str | None]:
    parts = ("\n" + text).split("\ndiff --git ")[1:]
    hunks = (part.find("\n@@ ") for part in parts)
    return [part[at + 1 :].rstrip("\n") if at >= 0 else None for part, at in zip(parts, hunks, strict=True)]
