"""Identifiers in Slack's shapes."""

from __future__ import annotations

import secrets
import string
import time

ALPHABET = string.ascii_uppercase + string.digits


def fresh(prefix: str, length: int = 10) -> str:
    """An identifier such as ``V0AB12CD34E``: unguessable, upper case."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def short() -> str:
    """A generated block_id or action_id."""
    return secrets.token_urlsafe(4)[:5]


def dotted() -> str:
    """A trigger_id: three parts joined by dots."""
    return f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"


class Timestamps:
    """Message timestamps: seconds with six digits, unique and rising within the workspace."""

    def __init__(self, last: str = "0.000000") -> None:
        self._last = micros(last)

    def next(self) -> str:
        """The present time, moved on when it was given out before."""
        self._last = max(int(time.time() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def micros(ts: str) -> int:
    """A timestamp as whole microseconds, for comparison. Raises ValueError when it is not one."""
    whole, _, part = ts.partition(".")
    return int(whole) * 1_000_000 + int((part + "000000")[:6])
