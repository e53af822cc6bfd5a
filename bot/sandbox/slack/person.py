"""What every act of a person needs: being there, and words for what went wrong."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.config import Delivered
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.services import Services

TROUBLE = "We had some trouble connecting. Try again?"


def place(services: Services, user: str, channel: str) -> dict[str, Any]:
    """The channel, for a member of it. Raises LookupError for an unknown id, ValueError for who may not be there."""
    person = services.directory.user(user)
    if person.deleted:
        raise ValueError(f"{person.real_name} is deactivated: nobody can act as them")
    found = services.directory.get(channel)
    if user not in found["members"]:
        raise ValueError(f"{user} is not a member of {channel}")
    return found


def message_for(services: Services, user: str, channel: str, ts: str) -> Message:
    """A message that this person can see. Raises LookupError."""
    place(services, user, channel)
    message = services.messages.get(channel, ts)
    if message is None or message["viewer"] not in (None, user):
        raise LookupError(f"{user} sees no message {ts} in {channel}")
    return message


def unsent(error: str | None) -> Delivered:
    """Nothing went to the app, and why; None where nothing had to."""
    return Delivered("", 0, None, 0, error)
