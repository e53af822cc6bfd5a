"""A diff as Git writes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping


def unified_diff(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """What changes between two sets of files, by file name. Line ends count as they are; CR is kept."""
    names = sorted({*before, *after})
    return "".join(line for name in names for line in _file(name, before.get(name), after.get(name)))


def _file(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    if old == new:
        return
    yield f"diff --git a/{name} b/{name}\n"
    if old is None:
        yield "new file mode 100644\n"
    if new is None:
        yield "deleted file mode 100644\n"
    source, goal = ("/dev/null" if old is None else f"a/{name}"), ("/dev/null" if new is None else f"b/{name}")
    for line in difflib.unified_diff(_lines(old), _lines(new), source, goal):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds only, unlike `splitlines`, which also splits at what is text for Git."""
    text = (content or b"").decode(errors="backslashreplace")
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
