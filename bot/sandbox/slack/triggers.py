"""Trigger ids: the right to open a view for the person who just did something, for three seconds and once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bot.sandbox.slack.ids import dotted
from bot.sandbox.slack.refusal import SlackError


@dataclass(frozen=True)
class Trigger:
    """Who acted, until when (monotonic seconds), and in which view, if in one."""

    user: str
    until: float
    view_id: str | None = None
    used: bool = False


class Triggers:
    """Hands out trigger ids and takes them back."""

    def __init__(self, seconds: float, keep: int = 1000) -> None:
        self._seconds, self._keep = seconds, keep
        self._all: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id for this person."""
        key = dotted()
        self._all[key] = Trigger(user, time.monotonic() + self._seconds, view_id)
        for old in list(self._all)[: -self._keep]:
            del self._all[old]
        return key

    def exchange(self, key: str | None) -> Trigger:
        """Use it up. Raises SlackError invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        trigger = self._all.get(key or "")
        if trigger is None or key is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() > trigger.until:
            raise SlackError("expired_trigger_id")
        self._all[key] = replace(trigger, used=True)
        return trigger
