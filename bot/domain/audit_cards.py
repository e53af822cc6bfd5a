"""What `/slackops audit MODEL` shows, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person

MOST = 15
"""Lines of the answer; `slackops audit export` has all."""


@dataclass(frozen=True)
class AuditLine:
    """One decision or effect: when, in seconds since the epoch, by whom (a person, or a name where none is known here),
    and what."""

    at: float
    person: Person | None
    name: str
    text: str


@dataclass(frozen=True)
class AuditList:
    """The newest decisions about a model, the newest first. ``more``: there are older ones."""

    model: str
    lines: tuple[AuditLine, ...]
    more: bool = False
