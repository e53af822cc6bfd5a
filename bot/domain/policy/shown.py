"""Untrusted text in messages: what cannot be seen is escaped, and the nearest known name is found in bounded time."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_LONGEST = 100
_MOST = 500


def visible(text: str) -> str:
    """The text with everything escaped that is no visible character: line ends, controls, marks of direction."""
    return text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that is most like this one, or None. Names that are long or cannot be shown are left out, for
    to compare two texts takes quadratic time."""
    candidates = [one for one in islice(known, _MOST) if len(one) <= _LONGEST and one.isprintable()]
    found = difflib.get_close_matches(name[:_LONGEST], candidates, n=1, cutoff=cutoff)
    return found[0] if found else None
