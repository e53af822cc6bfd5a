"""Where the values of a TOML text stand. tomllib reads TOML but tells no places, and tomlkit writes tables that are
scattered over a file in another order, so its places are not the file's.

A scanner without recursion and with bounds. It takes more than TOML: whether a text is TOML, tomllib says.
Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DEPTH = 64
# Parts of all paths together.
MAX_PARTS = 2_000_000
Path = tuple[str | int, ...]
Span = tuple[int, int]

_BASIC = r'"""(?:\\.|"{1,2}(?!")|[^"\\])*+"{3,5}|"(?!"")(?:\\.|[^"\\\n])*+"'
_LITERAL = r"'''(?:'{1,2}(?!')|[^'])*+'{3,5}|'(?!'')[^'\n]*+'"
_STRING = rf"{_BASIC}|{_LITERAL}"
_BLANK = r"(?P<blank>[ \t\r]+)|(?P<comment>#[^\n]*)|(?P<mark>[\n\[\]{}=,])"
_IN_KEY = re.compile(rf"{_BLANK}|(?P<dot>\.)|(?P<text>{_STRING}|[A-Za-z0-9_-]+)", re.DOTALL)
_IN_VALUE = re.compile(rf"{_BLANK}|(?P<text>{_STRING}|[^\s\[\]{{}}=,#\"']+(?: [0-9]+:[^\s\[\]{{}}=,#]+)?)", re.DOTALL)


class TomlError(ValueError):
    """The text goes beyond the bounds, or is no TOML. ``place`` is an offset."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.message, self.place = message, place


@dataclass
class _Open:
    """An array (``index`` counts its items) or an inline table (``index`` None) that is open."""

    path: Path
    index: int | None


@dataclass
class Places:
    """The places of a text: of its values, by path, and of its comments."""

    values: dict[Path, Span] = field(default_factory=dict)
    comments: list[Span] = field(default_factory=list)


def places(text: str) -> Places:
    """Raises TomlError."""
    scan = _Scan()
    place = 0
    while place < len(text):
        hit = (_IN_VALUE if scan.in_value else _IN_KEY).match(text, place)
        if hit is None:
            raise TomlError(f"{text[place : place + 10]!r} is not expected here", place)
        scan.take(hit)
        place = hit.end()
    return scan.found


class _Scan:
    """Takes tokens, keeps a stack of what is open."""

    def __init__(self) -> None:
        self.found, self.in_value = Places(), False
        self._stack: list[_Open] = []
        self._keys: list[str] = []
        self._table: Path = ()
        self._lengths: dict[Path, int] = {}
        self._header, self._left = 0, MAX_PARTS

    def take(self, hit: re.Match[str]) -> None:
        if hit["comment"] is not None:
            self.found.comments.append(hit.span())
        elif hit["mark"] is not None:
            self._mark(hit["mark"], hit.start())
        elif hit["text"] is not None:
            self._text(hit)

    def _text(self, hit: re.Match[str]) -> None:
        if self.in_value:
            path = self._path()
            self._left -= len(path)
            if self._left < 0 or len(path) > MAX_DEPTH:
                raise TomlError("too many values, or too deeply nested", hit.start())
            self.found.values[path], self.in_value = hit.span(), False
        elif len(self._keys) >= MAX_DEPTH:
            raise TomlError(f"a key has more than {MAX_DEPTH} parts", hit.start())
        else:
            self._keys.append(_unquoted(hit["text"], hit.start()))

    def _path(self) -> Path:
        """The path of the value that begins here."""
        top = self._stack[-1] if self._stack else None
        if top is not None and top.index is not None:
            return (*top.path, top.index)
        return (*(top.path if top else self._table), *self._keys)

    def _mark(self, mark: str, place: int) -> None:
        if mark in "[{" and self.in_value:
            self._open(mark, place)
        elif mark in "]}" and self._stack:
            self._stack.pop()
            self.in_value = False
        elif mark == "=":
            self.in_value = True
        elif mark == "," and self._stack:
            self._next()
        elif not self._stack:
            self._outside(mark)

    def _open(self, mark: str, place: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TomlError(f"nested more than {MAX_DEPTH} levels deep", place)
        self._stack.append(_Open(self._path(), 0 if mark == "[" else None))
        self._keys, self.in_value = [], mark == "["

    def _next(self) -> None:
        top, self._keys = self._stack[-1], []
        if top.index is not None:
            top.index += 1
            self.in_value = True

    def _outside(self, mark: str) -> None:
        """Line ends, and the brackets around a table's name."""
        if mark == "[":
            self._header += 1
        elif mark == "]" and self._keys:
            self._table = self._named(array=self._header == 2)
            self._keys = []
        elif mark == "\n":
            self._keys, self._header, self.in_value = [], 0, False

    def _named(self, array: bool) -> Path:
        """The path of a table; a part that is an array of tables means the last of them."""
        path: Path = ()
        for number, key in enumerate(self._keys, 1):
            path = (*path, key)
            if array and number == len(self._keys):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path


def _unquoted(source: str, place: int) -> str:
    if source[0] not in "\"'":
        return source
    import tomllib

    try:
        return next(iter(tomllib.loads(f"{source} = 0")))
    except (ValueError, StopIteration):
        raise TomlError(f"{source[:20]!r} is no key", place) from None


def values(data: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """What tomllib read, as paths to everything that holds nothing more. Without recursion."""
    waiting = [(path, data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict) and value:
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list) and value:
            waiting += [((*path, number), inner) for number, inner in enumerate(value)]
        else:
            yield path, value
