"""Code owners, as GitHub reads them: the last pattern that matches a file says who owns it.

https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
Patterns are those of gitignore without `!`, `[…]` and an escaped `#`; a line with one of these is skipped whole, as
GitHub does. A pattern is untrusted text: it is matched by hand, in time that its length bounds, and never becomes a
regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file; the first that is there counts."""
MAX_BYTES = 3 * 1024 * 1024
_OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9-]*(?:/[\w.-]+)?|[^\s@#]+@[^\s@#]+\.[^\s@#]+")


@dataclass(frozen=True)
class OwnerLine:
    """One line: the segments of its pattern (`**` stands for any number of them) and the owners, maybe none.

    ``below``: what lies under a folder that matches is meant too.
    """

    segments: tuple[str, ...]
    owners: tuple[str, ...]
    below: bool = True

    def matches(self, path: Sequence[str]) -> bool:
        """Does this file, by its segments, fit?"""
        lengths = range(1, len(path) + 1) if self.below else (len(path),)
        return any(_fits(self.segments, path[:length]) for length in lengths)


def read_owners(files: Mapping[str, bytes]) -> tuple[OwnerLine, ...]:
    """The lines of the file that GitHub would take out of these; none where there is none, or one beyond 3 MB."""
    data = next((files[place] for place in PLACES if place in files), b"")
    return parse_owners(data.decode("utf-8", "replace")) if len(data) <= MAX_BYTES else ()


def parse_owners(text: str) -> tuple[OwnerLine, ...]:
    """The lines, in order; those that GitHub takes for faulty are left out."""
    return tuple(line for raw in text.removeprefix("\ufeff").splitlines() if (line := _line(raw)) is not None)


def owners_of(lines: Sequence[OwnerLine], path: str) -> tuple[str, ...]:
    """Who owns a file: `@login`, `@org/team` or an e-mail address; empty where nobody does."""
    segments = path.split("/")
    return next((line.owners for line in reversed(lines) if line.matches(segments)), ())


def wanted(lines: Sequence[OwnerLine], paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The sets of owners of these files, each once: one of each set has to approve."""
    return tuple(dict.fromkeys(owners for path in sorted(paths) if (owners := owners_of(lines, path))))


def _line(raw: str) -> OwnerLine | None:
    pattern, *rest = _words(raw.strip()) or [""]
    owners = list(rest)
    comment = next((place for place, word in enumerate(owners) if word.startswith("#")), len(owners))
    owners = owners[:comment]
    faulty = not pattern or pattern[0] in "#!" or pattern.startswith("\\#") or "[" in pattern or "]" in pattern
    if faulty or not all(_OWNER.fullmatch(owner) for owner in owners):
        return None
    return _compiled(pattern, tuple(owners))


def _words(text: str) -> list[str]:
    """Split at blanks; a backslash takes the next character as it is, a blank too."""
    found, word, escaped = list[str](), "", False
    for char in text:
        if escaped:
            word, escaped = word + (char if char.isspace() else f"\\{char}"), False
        elif char == "\\":
            escaped = True
        elif char.isspace():
            found, word = ([*found, word] if word else found), ""
        else:
            word += char
    return [*found, word] if word else found


def _compiled(pattern: str, owners: tuple[str, ...]) -> OwnerLine | None:
    """A pattern with a slash before its end stands at the root; any other fits at every depth."""
    body = pattern.strip("/")
    if not body:
        return None
    segments = tuple(body.split("/"))
    if not pattern.startswith("/") and len(segments) == 1:
        segments = ("**", *segments)
    if pattern.endswith("/"):
        return OwnerLine((*segments, "**", "*"), owners, below=False)
    # `docs/*` means the files of the folder, and none below; a name alone is a file, or a folder with all in it
    return OwnerLine(segments, owners, below=segments[-1] != "*" or (len(segments) == 2 and segments[0] == "**"))


def _fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Two-finger matching: on a mismatch the last `**` takes one segment more, so the time is bounded by a product."""
    at = place = 0
    star, mark = -1, 0
    while place < len(path):
        if at < len(pattern) and pattern[at] == "**":
            star, mark, at = at, place, at + 1
        elif at < len(pattern) and glob(pattern[at], path[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            at, place, mark = star + 1, mark + 1, mark + 1
        else:
            return False
    return all(one == "**" for one in pattern[at:])


def glob(pattern: str, text: str) -> bool:
    """`*` stands for any characters, `?` for one; everything else, upper and lower case too, for itself."""
    at = place = 0
    star, mark = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, mark, at = at, place, at + 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            at, place, mark = star + 1, mark + 1, mark + 1
        else:
            return False
    return all(char == "*" for char in pattern[at:])
