"""Who asks on the command line."""

from __future__ import annotations

import re

from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports import Links

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{1,30}")


def asker_of(links: Links, named: str | None) -> Person:
    """The linked person behind a GitHub login or a Slack user id. Slack is not asked. Raises Refused."""
    if not named:
        unblock = "Add --by LOGIN, the GitHub login of your linked account, or set SLACKOPS_BY to it."
        raise Refused(Reason.BAD_USAGE, "Say who asks.", unblock)
    name = named.strip().removeprefix("github:").removeprefix("slack:").removeprefix("@")
    found = links.by_login(name) or (links.by_user(name) if _SLACK_USER.fullmatch(name) else None)
    if found is None:
        raise Refused(
            Reason.NOT_LINKED,
            f"No Slack user has linked the GitHub account {name[:60]!a}, so nobody knows what it may do.",
            "Give the GitHub login, or the Slack user id, of somebody who has linked the two.",
        )
    return found
