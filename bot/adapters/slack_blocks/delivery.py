"""The delivery numbers of a model, a line an environment."""

from __future__ import annotations

from collections.abc import Iterable

from bot.adapters.slack_blocks.text import safe
from bot.domain.cards import DeliveryLine
from bot.domain.delivery import words

LINES_SHOWN = 10


def delivery_lines(lines: Iterable[DeliveryLine]) -> list[str]:
    """In promotion order; when there are many, the rest is counted."""
    told = [safe(words(line), 200) for line in lines]
    left = len(told) - LINES_SHOWN
    return [*told[:LINES_SHOWN], f"… and {left} more environments"] if left > 0 else told
