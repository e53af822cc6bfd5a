"""How far a source was read: by the time that things were written, and what was read around that time.

A store may show a file a while after the time it bears, so what is a little older than the newest that was read is
looked at again, and told apart by what it is called and by its tag.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

MOST = 200
"""Reports that are read at one go; more are read right after."""
OVERLAP = 600.0
FIRST = 86_400.0
"""Of a source that is new, what is older than a day is past."""
SETTLE = 10.0
"""Seconds that a report is left alone after it was written: it may be half of one."""


class Written(Protocol):
    """Something that lies in a source."""

    @property
    def path(self) -> str: ...

    @property
    def tag(self) -> str: ...

    @property
    def modified(self) -> float: ...


@dataclass(frozen=True)
class Cursor:
    """``since``: the time of the newest that was read; ``read``: when what was read around it was written; ``trouble``:
    what could not be read at the last go that read anything."""

    since: float
    read: dict[str, float] = field(default_factory=dict)
    trouble: str = ""

    @property
    def begin(self) -> float:
        """From when on is looked at."""
        return self.since - OVERLAP


def mark(one: Written) -> str:
    """What tells it from every other, and from itself with another content."""
    return hashlib.sha256(f"{one.path}\0{one.tag}".encode(errors="replace")).hexdigest()[:16]


def load(body: str | None, now: float) -> Cursor:
    """As it was dumped; a new one where there is none."""
    if not body:
        return Cursor(now - FIRST)
    told = json.loads(body)
    read = {str(key): float(at) for key, at in told["read"].items()}
    return Cursor(min(float(told["since"]), now), read, str(told.get("trouble", "")))


def dump(cursor: Cursor) -> str:
    """As text."""
    return json.dumps({"since": cursor.since, "read": cursor.read, "trouble": cursor.trouble})


def is_new(cursor: Cursor, one: Written, now: float) -> bool:
    """It was not read yet, and is whole by now."""
    return not 0 <= now - one.modified < SETTLE and one.modified >= cursor.begin and mark(one) not in cursor.read


def moved(cursor: Cursor, read: Iterable[Written], now: float, trouble: str = "") -> Cursor:
    """After these were read. What bears a time ahead of ours takes nothing else with it."""
    marks = cursor.read | {mark(one): one.modified for one in read}
    since = max([cursor.since, *(min(at, now) for at in marks.values())])
    return Cursor(since, {key: at for key, at in marks.items() if at >= since - OVERLAP}, trouble)
