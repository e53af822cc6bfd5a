"""The refusals of this package: the target cannot be read or written, and why."""

from __future__ import annotations

from bot.domain.policy.shown import visible
from bot.errors import Reason, Refused


def unreadable(file: str, message: str, unblock: str | None = None) -> Refused:
    """Refused(TARGET_UNREADABLE) that names the file."""
    mend = unblock or f"Mend {file}, or the target in the policy."
    return Refused(Reason.TARGET_UNREADABLE, visible(f"{file}: {message}"), mend)


class Absent(Refused):
    """The selector's documents are there, but nothing stands where it leads; or the file itself is not there."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(
            Reason.TARGET_UNREADABLE,
            visible(f"{file}: {message}"),
            f"Mend {file}, or the target in the policy (when_absent).",
        )


def short(text: str, limit: int = 80) -> str:
    """Text of the file as a message may show it: visible characters only, cut."""
    return ascii(text) if len(text) <= limit else ascii(text[:limit]) + "…"
