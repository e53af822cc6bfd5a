"""What somebody is in the workspace, by users.info (https://docs.slack.dev/reference/objects/user-object)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from bot.adapters.slack_chat.calls import Calls
from bot.adapters.slack_chat.errors import SlackSays
from bot.domain.people import Person, Standing

_GONE = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
SLACKBOT = "USLACKBOT"


class Standings:
    """Remembered for ``keep`` seconds: who may approve must not be asked for at every look. Thread-safe."""

    def __init__(self, calls: Calls, keep: float = 180.0, now: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._keep, self._now = calls, keep, now
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def of(self, person: Person, home: str) -> Standing:
        """``home`` is our workspace, or its enterprise. Raises Fatal where the app may not ask: fail closed."""
        if person.team != home:
            return Standing.EXTERNAL
        with self._lock:
            until, user = self._known.get(person.user, (0.0, {}))
            if until <= self._now():
                user = self._read(person.user)
                self._known[person.user] = (self._now() + self._keep, user)
        return standing_of(user, home)

    def _read(self, user: str) -> dict[str, Any]:
        try:
            found = self._calls.read("users.info", user=user).get("user")
        except SlackSays as said:
            if said.code in _GONE:
                return {}
            raise
        return found if isinstance(found, dict) else {}


def standing_of(user: dict[str, Any], home: str) -> Standing:
    """The first that fits; a user that Slack does not show in full is unknown."""
    if not user.get("id"):
        return Standing.UNKNOWN
    enterprise = user.get("enterprise_user")
    teams = {user.get("team_id"), *((enterprise.get("enterprise_id"),) if isinstance(enterprise, dict) else ())}
    kinds = (
        (user.get("deleted"), Standing.DEACTIVATED),
        (user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == SLACKBOT, Standing.ROBOT),
        (user.get("is_stranger") or home not in teams, Standing.EXTERNAL),
        (user.get("is_restricted") or user.get("is_ultra_restricted"), Standing.GUEST),
    )
    return next((kind for fits, kind in kinds if fits), Standing.MEMBER)
