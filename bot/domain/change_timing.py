"""What a change's card says of time and of emergencies."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.change import Glass


@dataclass(frozen=True)
class Timing:
    """``clear_at``: when all that holds it up will have passed by itself, in seconds since the epoch, because of
    ``behind``; ``can_merge``: a person may have it merged now; ``glass``: it broke the glass."""

    clear_at: float | None = None
    behind: str = ""
    can_merge: bool = False
    glass: Glass | None = None
