"""Regular expressions of the policy, in RE2's syntax: they run in linear time on whatever text they meet.

Source: https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol

GROUP = "value"
_PLACEHOLDER = re.compile(r"\{(?:model|environment|region)\}")
LIMIT = 1000


class Found(Protocol):
    """One match. Offsets count characters."""

    def groups(self) -> tuple[str, ...]: ...

    def span(self, number: int, /) -> tuple[int, int]: ...


class Expression(Protocol):
    """A compiled expression of google-re2, as far as it is used here."""

    @property
    def groupindex(self) -> dict[str, int]: ...

    @property
    def programsize(self) -> int: ...

    def fullmatch(self, text: str, /) -> Found | None: ...

    def finditer(self, text: str, /) -> Iterator[Found]: ...


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Expression:
    """The compiled expression. Raises ValueError saying what RE2 does not take."""
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.log_errors = False
    try:
        made: Expression = re2.compile(pattern, options=options)
    except re2.error as error:
        raise ValueError(f"no RE2 regular expression: {_told(error)}") from None
    return made


def _told(error: Exception) -> str:
    said: Any = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def escaped(text: str) -> str:
    """The expression that matches just this text."""
    import re2

    return str(re2.escape(text))


@lru_cache(maxsize=1024)
def parse_expression(text: str) -> Expression:
    """The expression of a place in a file, in which `^` and `$` are the ends of a line.

    Raises ValueError unless it has one named group, `value`, which holds the bound value.
    """
    if not text or len(text) > LIMIT:
        raise ValueError(f"a regular expression has 1 to {LIMIT} characters, such as ^version = (?P<value>.+)$")
    if list(compiled(text).groupindex) != [GROUP]:
        raise ValueError("a regular expression has one named group, (?P<value>…), around the value")
    return compiled(f"(?m){text}")


def fill_expression(text: str, change: Callable[[str], str]) -> str:
    """The expression with `{model}`, `{environment}` and `{region}` filled in by ``change``, so that no name can act as
    syntax; what it leaves as it is stays open."""
    return _PLACEHOLDER.sub(lambda hit: hit[0] if (name := change(hit[0])) == hit[0] else escaped(name), text)
