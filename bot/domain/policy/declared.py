"""Variables of the policy's own: their names, what their values may be, and where the values come from.

A pattern is a small part of RE2's syntax, of which the characters that a value can hold are known for certain: that is
what lets a template be read back in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.domain.policy.expressions import compiled

LIMIT = 200
_PLAIN = r"A-Za-z0-9._+:/@=,%-"
_TOKEN = re.compile(
    r"(?P<group>\(\?:)|(?P<class>\[(?:\\.|[^\]\[\\^])(?:\\.|[^\]\[\\])*\])"
    r"|(?P<operator>[|)*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})|(?P<escape>\\.)|(?P<plain>[^\\()\[\]{}.^$|*+?])"
)
_ITEM = re.compile(r"(?P<first>\\.|[^\\])(?:-(?P<last>\\.|[^\\]))?", re.DOTALL)
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SETS = {r"\d": _DIGITS, r"\w": _DIGITS | _LETTERS | {"_"}}
_SOURCE = re.compile(r"registry\.(?:source|git_commit|(?:tags|params)\.[^\s{}]{1,250})")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def is_variable_name(text: str) -> bool:
    """Whether a variable may be called so: lower-case letters, digits and `_`, a letter first, at most 41."""
    return _NAME.fullmatch(text) is not None


def check_source(text: str) -> str:
    """The source itself. Raises ValueError for a place that no value comes from."""
    if _SOURCE.fullmatch(text):
        return text
    raise ValueError("expected registry.tags.NAME, registry.params.NAME, registry.source or registry.git_commit")


@lru_cache(maxsize=1024)
def alphabet_of(pattern: str) -> frozenset[str]:
    """All characters that a text which the pattern matches can hold, and maybe more. Raises ValueError for a pattern
    that is not taken."""
    if not pattern or len(pattern) > LIMIT or not pattern.isascii():
        raise ValueError(f"a pattern has 1 to {LIMIT} ASCII characters, such as [0-9a-f]{{7,40}}")
    found = frozenset(char for piece in _pieces(pattern) for char in piece)
    odd = "".join(sorted(char for char in found if not re.fullmatch(f"[{_PLAIN}]", char)))
    if odd:
        raise ValueError(f"a value may hold letters, digits and . _ + - : / @ = , % only; the pattern allows {odd!r}")
    if compiled(pattern).fullmatch("") is not None:
        raise ValueError("the pattern matches the empty text, which could not be read back")
    return found


def _pieces(pattern: str) -> Iterator[frozenset[str]]:
    place = 0
    while place < len(pattern):
        hit = _TOKEN.match(pattern, place)
        if hit is None:
            rest = pattern[place : place + 20]
            known = "characters, classes such as [0-9a-f], (?:…), | and repetition, but no other group, . or [^…]"
            raise ValueError(f"at {rest!r}: a pattern has {known}")
        if hit["class"]:
            yield from (_range(item) for item in _ITEM.finditer(hit["class"][1:-1]))
        elif hit["escape"] or hit["plain"]:
            yield _one(hit[0])
        place = hit.end()


def _range(item: re.Match[str]) -> frozenset[str]:
    first, last = _one(item["first"]), _one(item["last"] or item["first"])
    if not item["last"]:
        return first
    if len(first) != 1 or len(last) != 1:
        raise ValueError(f"{item[0]!r} is no range of characters")
    return frozenset(map(chr, range(ord(min(first)), ord(min(last)) + 1)))


def _one(text: str) -> frozenset[str]:
    r"""What one character, or an escape (`\d`, `\w`, `\.`), stands for."""
    if not text.startswith("\\"):
        return frozenset(text)
    if text[1].isalnum() or not text[1].isascii():
        if text not in _SETS:
            raise ValueError(rf"{text!r}: of the escapes only \d, \w and those of punctuation are taken")
        return _SETS[text]
    return frozenset(text[1])
