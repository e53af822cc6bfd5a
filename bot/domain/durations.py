"""Spans of time as people say them."""

from __future__ import annotations

_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def lasting(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: at most two units, the smaller only where it says something."""
    left = max(0.0, round(seconds))
    for place, (size, unit) in enumerate(_UNITS):
        if left >= size or unit == "s":
            whole, rest = divmod(left, size)
            words = f"{whole:.0f} {unit}"
            return words if place > 1 else words + _smaller(rest, *_UNITS[place + 1])
    return "0 s"


def _smaller(rest: float, size: float, unit: str) -> str:
    return f" {rest // size:.0f} {unit}" if rest >= size else ""
