"""What look-alike files have in common: everything but the bound scalars.

A file that is the same around those scalars, and has in their places text that can be nothing but a scalar written in
the same way, has the same tree: the parser sees the same tokens in the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.manifests.fleet_names import ENVIRONMENT_BYTES, LONGEST, MODEL_BYTES

MAX_BYTES: Final = 32 * 1024
MAX_GAP: Final = 300
# libyaml gives up a key that is longer than 1,024 characters, so nothing may depend on how long a name is.
_MAX_LINE: Final = 1000
_MARKS: Final = b"(?:" + MODEL_BYTES + b"|" + ENVIRONMENT_BYTES + b")"
_FIRST: Final = rb"(?:[A-Za-z0-9]|" + _MARKS + rb")"
# Plain text starts with a letter or digit; a colon in it has no space behind it.
_REST: Final = rb"[A-Za-z0-9._/@+=-]*"
_PLAIN: Final = re.compile(_FIRST + _REST + rb"(?:" + _MARKS + _REST + rb")*")
_COLONS: Final = re.compile(_FIRST + _REST + rb"(?:(?:" + _MARKS + rb"|:(?=/|" + _FIRST + rb"))" + _REST + rb")*")
_QUOTED: Final = re.compile(rb"(?=[^'\"])[A-Za-z0-9._/@:+=-]*(?:" + _MARKS + rb"[A-Za-z0-9._/@:+=-]*)*")
# Where a name could be more than part of a scalar or comment, or text mean something that its characters do not say:
# escapes, templates, anchors, tags, block headers, directives, and line ends that only YAML knows.
_UNFIT_YAML: Final = re.compile(
    rb"[\\\0]|[&*!][^\s,\[\]{}]*" + _MARKS + rb"|[|>][-+0-9]*" + _MARKS
    + rb"|(?:^|[\r\n])(?:\xef\xbb\xbf)?%|\xc2\x85|\xe2\x80[\xa8\xa9]"
)  # fmt: skip
_UNFIT_JSON: Final = re.compile(rb"[\\\0]|" + _MARKS)
_TEMPLATE: Final = re.compile(rb"\{\{|\{%|#@")
_JSON_STRING: Final = re.compile(rb'"[^"\\]*"')


@dataclass(frozen=True)
class Gap:
    """The place of one bound scalar. ``kind`` says what may stand there; ``line`` counts from 1."""

    kind: re.Pattern[bytes]
    line: int

    @property
    def quoted(self) -> bool:
        """Whether it stands between quotes, where all text is text."""
        return self.kind is _QUOTED


@dataclass(frozen=True)
class Shape:
    """``parts`` with the names hidden, one more than ``gaps``; ``places`` has the gap of each binding of the file, or
    None where the file says nothing."""

    parts: tuple[bytes, ...]
    gaps: tuple[Gap, ...]
    places: tuple[int | None, ...]

    def values(self, data: bytes) -> list[str] | None:
        """What stands in the gaps, names hidden; None for a file that is not of this shape."""
        parts = self.parts
        if not (data.startswith(parts[0]) and data.endswith(parts[-1])):
            return None
        place, found = len(parts[0]), list[str]()
        for gap, part in zip(self.gaps, parts[1:], strict=True):
            hit = gap.kind.match(data, place)
            if hit is None or hit.end() - place > MAX_GAP or not data.startswith(part, hit.end()):
                return None
            found.append(hit[0].decode())
            place = hit.end() + len(part)
        return found if place == len(data) else None


def gap_between(before: bytes, value: bytes, after: bytes, line: int, format_: str) -> Gap | None:
    """The gap that a scalar leaves; None where what it is written in cannot be told for certain."""
    first, last = before[-1:], after[:1]
    if first == last and first in (b"'", b'"') and (first == b'"' or format_ == "yaml"):
        kind = _QUOTED
    elif format_ == "yaml" and first in (b" ", b"\t", b"[", b"{", b",") and last in (b"", *_ENDS):
        kind = _COLONS if b":" in value else _PLAIN
    else:
        return None
    return Gap(kind, line) if kind.fullmatch(value) else None


_ENDS: Final = (b" ", b"\t", b"\r", b"\n", b",", b"]", b"}")


def fit(parts: Sequence[bytes], format_: str) -> bool:
    """Whether nothing else tells files of this shape apart, whatever their names and values."""
    text = b"\0".join(parts)
    if len(text) > MAX_BYTES or text.count(b"\0") >= len(parts) or _TEMPLATE.search(text):
        return False
    if format_ == "json":
        # A name outside of strings would be a number or a word; gaps are inside of them.
        return _UNFIT_JSON.search(_JSON_STRING.sub(b"", text.replace(b"\0", b""))) is None
    longest = max(_worst(line) for line in re.split(rb"[\r\n]", text))
    return longest <= _MAX_LINE and not any(_UNFIT_YAML.search(part) for part in parts)


def _worst(line: bytes) -> int:
    """The length of a line at most, in bytes."""
    return len(line) + line.count(b"\0") * MAX_GAP + _names(line) * LONGEST


def _names(line: bytes) -> int:
    return line.count(MODEL_BYTES) + line.count(ENVIRONMENT_BYTES)
