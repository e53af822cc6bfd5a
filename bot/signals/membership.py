"""GitHub's `organization` event: who is no longer a member.

https://docs.github.com/webhooks/webhook-events-and-payloads#organization
"""

from __future__ import annotations

from bot.domain.commands import Leave
from bot.signals.reading import at

EVENT = "organization"


def parse(payload: object, organisation: str) -> Leave | None:
    """Who was removed from this organisation; None for whatever else happened, or happened elsewhere."""
    where, login = at(payload, "organization", "login"), at(payload, "membership", "user", "login")
    number = at(payload, "membership", "user", "id")
    if at(payload, "action") != "member_removed" or not isinstance(where, str) or not isinstance(login, str):
        return None
    if where.casefold() != organisation.casefold() or not login:
        return None
    known = number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**53 else 0
    return Leave(login=login, account=known, why="no longer a member of the organisation")
