"""Signatures of the bot's own, under keys that nobody else has."""

from __future__ import annotations

from typing import Protocol


class Attest(Protocol):
    """Signs what the bot writes where others could write too."""

    def sign(self, data: bytes) -> str:
        """Lower-case hex, by the first key."""
        ...

    def verify(self, data: bytes, signature: str) -> bool:
        """Whether any of the keys signed this; in constant time. False for whatever is no signature at all."""
        ...
