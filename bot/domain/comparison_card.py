"""The comparison as the chat shows it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.comparison import Comparison


@dataclass(frozen=True)
class ComparisonCard:
    """The candidate beside the deployed version, as a table. ``url`` leads to the page with all of it; "" for none."""

    comparison: Comparison
    url: str = ""
    others: int = 0
    """So many more targets move with it, and are not compared."""
