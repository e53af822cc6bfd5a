"""What the parsers share: to take a value out of any JSON, and to believe only what looks as it should."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bot.domain.signal import MESSAGE_LIMIT

NAME_LIMIT = 256
"""Characters of a name. Kubernetes allows 253; a longer one is dropped, since a cut one would be another name."""

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LATEST = 253402300799.0  # the end of the year 9999
_CONTROLS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


class BadBody(ValueError):  # noqa: N818  (told to the sender)
    """A body that is not of the documented form. The text names what is wrong, and no value."""


def at(value: object, *path: str) -> Any:
    """What stands at this path of mappings; None when it is not there."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(value: object) -> list[Any]:
    """The list; empty for everything else."""
    return value if isinstance(value, list) else []


def is_commit(value: object) -> bool:
    """A whole object id, SHA-1 or SHA-256; all zeros stands for a branch that is gone."""
    return isinstance(value, str) and _COMMIT.fullmatch(value) is not None and set(value) != {"0"}


def words(value: object, limit: int = MESSAGE_LIMIT) -> str:
    """Text for people, cut; without the control characters and broken code points that a database refuses."""
    if not isinstance(value, str):
        return ""
    whole = value[: 2 * limit].encode(errors="replace").decode()
    return whole.translate(_CONTROLS).strip()[:limit]


def name(value: object) -> str | None:
    """A name as it is; None when it is empty, too long, or holds what no name holds."""
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT:
        return None
    return value if value.isprintable() and value.strip() == value else None


def qualified(namespace: object, own: object) -> str | None:
    """``namespace/own``, or ``own`` alone where there is no namespace; None without a name."""
    found, space = name(own), name(namespace)
    return found if found is None or space is None else f"{space}/{found}"


def moment(value: object) -> float | None:
    """An RFC 3339 time in seconds since the epoch; None for anything else, and for what Go calls the zero time.

    Digits below a microsecond are cut (https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
    """
    if not isinstance(value, str) or len(value) > 64 or not _RFC3339.fullmatch(value):
        return None
    try:
        found = dt.datetime.fromisoformat(value.upper()).timestamp()
    except (ValueError, OverflowError):
        return None
    return found if 0 < found <= _LATEST else None


def newest(*values: object) -> float | None:
    """The newest of these RFC 3339 times; None when none is one."""
    return max((found for found in map(moment, values) if found is not None), default=None)
