"""response_url: five messages in half an hour, to the place where somebody did something."""

from __future__ import annotations

import time
from typing import Any

from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.ids import fresh
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.state import State

NS = "slack.response"
Ticket = dict[str, Any]


class Responses:
    """Issues response URLs and counts their uses; they survive a restart."""

    def __init__(self, state: State, config: WorkspaceConfig) -> None:
        self._state, self._config = state, config

    def issue(self, user: str, channel: str, original: str | None = None) -> str:
        """A URL that posts to this channel for this person; ``original`` is the ts of the message acted on."""
        key = fresh("", 24)
        until = time.time() + self._config.response_url_seconds
        ticket = {"id": key, "user": user, "channel": channel, "original": original, "uses": 0, "until": until}
        self._state.put(NS, key, ticket)
        return f"{self._config.slack_url}/response/{key}"

    def use(self, key: str) -> Ticket:
        """Count one use. Raises SlackError no_such_url, expired_url or used_url, with HTTP 404 as Slack does."""
        ticket: Ticket | None = self._state.get(NS, key)
        if ticket is None:
            raise SlackError("no_such_url", status=404)
        if time.time() > ticket["until"]:
            raise SlackError("expired_url", status=404)
        if ticket["uses"] >= self._config.response_url_uses:
            raise SlackError("used_url", status=404)
        used = {**ticket, "uses": ticket["uses"] + 1}
        self._state.put(NS, key, used)
        return used
