"""The first-parent history of a few paths, each commit with the blobs that those paths were then.

One `git log` for a path: the commit-graph's path filters make it fast, and Git 2.39 uses them for one path only.
https://git-scm.com/docs/git-log#_raw_output_format
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.adapters.gitrepo.runner import GitRunner
from bot.domain.facts import HistoryEntry

# Between NULs, which no commit's message holds: nothing that people write can pass for a field.
_FORM: Final = "--format=format:%x00%H%x00%P%x00%ct%x00%an%x00%B%x00"
_FIELDS: Final = rb"\0([0-9a-f]{40,64})\0([0-9a-f ]*)\0(\d+)\0([^\0]*)\0([^\0]*)\0"
_RECORD: Final = re.compile(_FIELDS + rb"\n?((?::[^\0]*\0[^\0]*\0)*)")
_LOG: Final = (
    *("-c", "log.showSignature=false", "log", "--first-parent", "-m", "--root", "--raw", "-z", "--no-abbrev"),
    *("--no-renames", "--no-follow", "--no-color", "--no-ext-diff", "--encoding=UTF-8", _FORM),
)
_FILES: Final = frozenset({b"100644", b"100755", b"100664"})


@dataclass(frozen=True)
class _Touch:
    """One commit, and what it made of the paths: a blob id, or None where no regular file is left."""

    entry: HistoryEntry
    blobs: Mapping[str, str | None]


def history(runner: GitRunner, commit: str, files: Sequence[str], limit: int) -> list[HistoryEntry]:
    """First-parent commits that touched the files, newest first, each with the files' blob ids as of then."""
    wanted = list(dict.fromkeys(files))
    if not wanted or limit < 1:
        return []
    logs = [_log(runner, commit, file, limit) for file in wanted]
    touches = logs[0] if len(logs) == 1 else _ordered(runner, commit, logs, limit)
    return _with_blobs(runner, touches[:limit], wanted)


def _log(runner: GitRunner, commit: str, file: str, limit: int) -> list[_Touch]:
    out = runner.run(*_LOG, f"--max-count={limit}", commit, "--", file)
    return [_touch(hit) for hit in _RECORD.finditer(out)]


def _touch(hit: re.Match[bytes]) -> _Touch:
    commit, parents, time, author, message, raw = hit.groups()
    parent = parents.decode().partition(" ")[0] or None
    entry = HistoryEntry(commit.decode(), float(time), _text(author), _text(message).rstrip("\n"), parent=parent)
    fields = raw.split(b"\0")
    return _Touch(entry, dict(_blob(*pair) for pair in zip(fields[::2], fields[1::2], strict=False)))


def _blob(header: bytes, path: bytes) -> tuple[str, str | None]:
    _, mode, _, new, _ = header.split(b" ")
    return path.decode("utf-8", "surrogateescape"), new.decode() if mode in _FILES else None


def _ordered(runner: GitRunner, commit: str, logs: Sequence[Sequence[_Touch]], limit: int) -> list[_Touch]:
    """All of them in the order of the first-parent line, which commit times do not always tell.

    A log that was cut at the limit knows nothing of what is older than its last entry; no more is needed.
    """
    merged: dict[str, _Touch] = {}
    for touch in (touch for log in logs for touch in log):
        old = merged.get(touch.entry.commit, touch)
        merged[touch.entry.commit] = replace(old, blobs={**old.blobs, **touch.blobs})
    ends = [f"^{log[-1].entry.parent}" for log in logs if len(log) >= limit and log[-1].entry.parent]
    line = runner.run("rev-list", "--first-parent", commit, *ends).decode().split() if len(merged) > 1 else [*merged]
    return [merged[one] for one in line if one in merged]


def _with_blobs(runner: GitRunner, touches: Sequence[_Touch], files: Sequence[str]) -> list[HistoryEntry]:
    """What a commit did not touch is as it was in the one before it."""
    if not touches:
        return []
    oldest = touches[-1]
    missing = [file for file in files if file not in oldest.blobs]
    state = _listed(runner, oldest.entry.commit, missing) if missing else {}
    found = []
    for touch in reversed(touches):
        changed = {**state, **touch.blobs}
        state = {file: blob for file, blob in changed.items() if blob is not None}
        found.append(replace(touch.entry, blobs=state))
    return found[::-1]


def _listed(runner: GitRunner, commit: str, files: Iterable[str]) -> dict[str, str]:
    lines = runner.run("ls-tree", "-z", "--full-tree", commit, "--", *files).split(b"\0")
    entries = (line.partition(b"\t") for line in lines if line)
    return {_text(name): head.split(b" ")[2].decode() for head, _, name in entries if head.split(b" ")[0] in _FILES}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
