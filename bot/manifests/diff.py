"""A diff as Git writes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

Opcode = tuple[str, int, int, int, int]
# difflib compares lines that repeat with each other: beyond so many it can take minutes.
_MOST_LINES = 4000


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
    hunks = [*_hunks(_lines(old), _lines(new))]
    if hunks:
        yield "--- /dev/null\n" if old is None else f"--- a/{name}\n"
        yield "+++ /dev/null\n" if new is None else f"+++ b/{name}\n"
    for line in hunks:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds only, unlike `splitlines`, which also splits at what is text for Git."""
    text = (content or b"").decode(errors="backslashreplace")
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, "", "")
    matcher.opcodes = _opcodes(old, new)  # type: ignore[attr-defined]
    for group in matcher.get_grouped_opcodes():
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                yield from (f" {line}" for line in old[start:end])
            else:
                yield from (f"-{line}" for line in old[start:end])
                yield from (f"+{line}" for line in new[new_start:new_end])


def _range(start: int, end: int) -> str:
    """Lines as a hunk's header counts them: an empty stretch begins at the line before it."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """What is equal and what is not, where all that is alike at both ends is left out of the comparison."""
    start = _alike(zip(old, new, strict=False))
    end = _alike(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    size, new_size = len(old), len(new)
    middle = _between(old[start : size - end], new[start : new_size - end])
    moved = [(kind, a + start, b + start, c + start, d + start) for kind, a, b, c, d in middle]
    before: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
    after: list[Opcode] = [("equal", size - end, size, new_size - end, new_size)] if end else []
    return [*before, *moved, *after]


def _alike(pairs: Iterator[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _between(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    if len(old) + len(new) <= _MOST_LINES:
        return [*difflib.SequenceMatcher(None, old, new).get_opcodes()]
    if len(old) != len(new):
        return [("replace", 0, len(old), 0, len(new))]
    made: list[Opcode] = []
    for place, (one, other) in enumerate(zip(old, new, strict=True)):
        kind = "equal" if one == other else "replace"
        start = made.pop()[1] if made and made[-1][0] == kind else place
        made.append((kind, start, place + 1, start, place + 1))
    return made
