"""The details pages of changes, as those who serve them see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.details import Details


@dataclass(frozen=True)
class Page:
    """What is known of a change. ``at``: since when it is so, in seconds since the epoch."""

    details: Details
    at: float
    ends: int
    """When this link ends."""
    alt: str = ""
    """What its picture shows; empty where there is none, or nothing to draw it with."""


@dataclass(frozen=True)
class Ended:
    """The link was good once."""


class DetailsPages(Protocol):
    """Reads what was evaluated last. Asks nobody outside."""

    def page(self, change: str, expires: str, signature: str) -> Page | Ended | None:
        """The page behind a link; None for a link that nobody of us wrote, and for a change that nothing is known of:
        one cannot be told from the other. Raises StoreUnavailable."""
        ...

    def chart(self, change: str, expires: str, signature: str) -> bytes | None:
        """The picture of that page, as PNG; None wherever there is no page now, or no picture on it. Raises
        StoreUnavailable."""
        ...
