"""Paths with {model} and {environment} left open: filled in, turned into a glob, and read back from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

NAMES = frozenset({"model", "environment"})
_OPEN = re.compile(r"\{([^{}]*)\}")
_PIECES = re.compile(r"(\{[^{}]*\}|\*\*/|\*\*|\*|\?)")


def open_names(template: str) -> list[str]:
    """What stands in braces, in order."""
    return _OPEN.findall(template)


def filled(template: str, names: Mapping[str, str]) -> str:
    """The template with these names in their places; other braces stay."""
    for name in NAMES & names.keys():
        template = template.replace(f"{{{name}}}", names[name])
    return template


def as_glob(template: str, names: Mapping[str, str]) -> str:
    """What is listed: names that are known filled in, a `*` for the others."""
    return _OPEN.sub("*", filled(template, names))


def names_in(template: str, path: str) -> dict[str, str] | None:
    """What a path says in the places of {model} and {environment}; None where it does not fit, or says two things."""
    hit = _compiled(template).fullmatch(path)
    if hit is None:
        return None
    found: dict[str, str] = {}
    for name, value in zip(open_names(template), hit.groups(), strict=True):
        if found.setdefault(name, value) != value:
            return None
    return found


def matches(glob: str, path: str) -> bool:
    """Whether a path is one of those that a glob names."""
    return _compiled(glob).fullmatch(path) is not None


def fixed_part(template: str) -> str:
    """The folders that are in front of everything left open; the whole path where nothing is."""
    parts = template.split("/")
    fixed = next((place for place, part in enumerate(parts) if any(mark in part for mark in "*?{")), len(parts))
    return "/".join(parts[:fixed]) or ("/" if template.startswith("/") else ".")


@lru_cache(maxsize=1000)
def _compiled(template: str) -> re.Pattern[str]:
    """A folder stands for the files in it."""
    pattern = "".join(map(_piece, _PIECES.split(template.rstrip("/"))))
    return re.compile(pattern + ("" if has_wildcard(template) else r"(?:/[^/]*)?"))


def has_wildcard(template: str) -> bool:
    """Whether its last part may be several files."""
    return any(mark in template.rsplit("/", 1)[-1] for mark in "*?{")


def _piece(piece: str) -> str:
    if piece.startswith("{"):
        return "([^/]+)"
    return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece))
