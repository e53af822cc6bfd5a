"""Who the bot is, as Slack knows it (https://docs.slack.dev/reference/methods/auth.test)."""

from __future__ import annotations

import threading

from bot.adapters.slack_chat.calls import Calls


class Myself:
    """Asked once, then remembered: a token never changes its workspace."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._facts: dict[str, str] = {}
        self._lock = threading.Lock()

    def team(self) -> str:
        """The enterprise's id where there is one, else the workspace's."""
        facts = self._ask()
        return facts["enterprise_id"] or facts["team_id"]

    def bot_id(self) -> str:
        """The id that the bot's own messages carry."""
        return self._ask()["bot_id"]

    def _ask(self) -> dict[str, str]:
        with self._lock:
            if not self._facts:
                answer = self._calls.write("auth.test")
                self._facts = {name: str(answer.get(name) or "") for name in ("enterprise_id", "team_id", "bot_id")}
            return self._facts
